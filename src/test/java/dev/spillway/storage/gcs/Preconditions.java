package dev.spillway.storage.gcs;

import java.util.Optional;

/** What must be true of the object that has the name now. Without one, its generation is 0. */
record Preconditions(
    Optional<Long> generation,
    Optional<Long> notGeneration,
    Optional<Long> metageneration,
    Optional<Long> notMetageneration) {

  static Preconditions of(Call call) throws GcsProblem {
    return new Preconditions(
        call.number("ifGenerationMatch"),
        call.number("ifGenerationNotMatch"),
        call.number("ifMetagenerationMatch"),
        call.number("ifMetagenerationNotMatch"));
  }

  void check(Optional<FakeObject> now) throws GcsProblem {
    long currentGeneration = now.map(FakeObject::generation).orElse(0L);
    long currentMetageneration = now.map(FakeObject::metageneration).orElse(0L);
    require(generation, currentGeneration, true, "ifGenerationMatch");
    require(notGeneration, currentGeneration, false, "ifGenerationNotMatch");
    require(metageneration, currentMetageneration, true, "ifMetagenerationMatch");
    require(notMetageneration, currentMetageneration, false, "ifMetagenerationNotMatch");
  }

  private static void require(Optional<Long> wanted, long actual, boolean equal, String parameter)
      throws GcsProblem {
    if (wanted.isPresent() && (wanted.get() == actual) != equal) {
      throw GcsProblem.conditionNotMet(parameter);
    }
  }
}
