package dev.spillway.app;

import dev.spillway.admission.Client;
import dev.spillway.status.Failure;
import dev.spillway.status.Requests;
import dev.spillway.web.Answered;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;

/** Where the edge's answers meet the dashboard's counts: neither knows the other. Any thread. */
record AnswerCount(Requests requests, Clock clock) implements Consumer<Answered> {

  private static final String CHUNKS = "/uploads/{id}/chunks";

  @Override
  public void accept(Answered answered) {
    switch (answered.kind()) {
      case SERVED -> served(answered);
      case REFUSED -> failed(answered, Failure.Kind.REFUSED);
      case SERVER_ERROR -> failed(answered, Failure.Kind.SERVER_ERROR);
      case CLIENT_ERROR -> failed(answered, Failure.Kind.CLIENT_ERROR);
      case ABORTED -> failed(answered, Failure.Kind.ABORTED);
    }
  }

  private void served(Answered answered) {
    if (answered.route().orElse("").startsWith(CHUNKS)) {
      requests.servedChunk(Duration.ofNanos(answered.nanos()));
    } else {
      requests.served();
    }
  }

  private void failed(Answered answered, Failure.Kind kind) {
    requests.failed(
        new Failure(
            clock.instant(),
            answered.code().orElse("http-" + answered.status()),
            answered.status(),
            answered.id(),
            new Client(answered.user().orElse(null), answered.address()).key(),
            Math.max(0, answered.bytesRead()),
            answered.retryable(),
            answered.requestId(),
            kind));
  }
}
