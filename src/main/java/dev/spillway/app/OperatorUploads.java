package dev.spillway.app;

import dev.spillway.operate.UploadActions;
import dev.spillway.status.Figures;
import dev.spillway.status.sampling.Sampler;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import java.time.Instant;
import java.util.Optional;

/** An operator's actions on uploads, through the services that requests use. */
record OperatorUploads(UploadServer.Parts services, Sampler sampler) implements UploadActions {

  @Override
  public Optional<Upload> find(UploadId id) {
    return services.uploads().find(id);
  }

  @Override
  public void cancel(UploadId id) {
    services.uploads().cancelByOperator(id);
  }

  @Override
  public boolean publishes() {
    return services.finishing().publishes();
  }

  @Override
  public void retry(UploadId id) {
    services.finishing().finishAgain(id);
  }

  @Override
  public Instant extend(UploadId id) {
    return services.uploads().extend(id);
  }

  @Override
  public Optional<Open> open() {
    Figures figures = sampler.latest().figures();
    Figures.Open now = figures.open();
    if (now.uploads().isEmpty() || now.missingBytes().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Open(
            now.uploads().getAsLong(), now.missingBytes().getAsLong(), figures.flow().received()));
  }
}
