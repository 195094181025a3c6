package dev.spillway.app;

import dev.spillway.admission.Admission;
import dev.spillway.admission.AdmissionRefused;
import dev.spillway.memory.MemoryCircuitBreaker;
import dev.spillway.memory.MemoryCritical;

/** Where admission meets the memory guard: neither knows the other. */
record MemoryGate(MemoryCircuitBreaker breaker) implements Admission.Gate {

  @Override
  public void check() {
    try {
      breaker.check();
    } catch (MemoryCritical e) {
      throw refused(e);
    }
  }

  static AdmissionRefused refused(MemoryCritical e) {
    return new AdmissionRefused(
        AdmissionRefused.Reason.MEMORY_CRITICAL,
        String.valueOf(e.getMessage()),
        e.figures(),
        e.retryAfter());
  }
}
