package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;

/** Requests to come, each with what has to be said to it. Belongs to one test. */
final class DescribedCalls {

  private final Conformity conformity;
  private final List<DynamicTest> tests = new ArrayList<>();

  DescribedCalls(Conformity conformity) {
    this.conformity = conformity;
  }

  /** A request that succeeds. */
  DescribedCalls add(String operation, int status, Callable<Answer> request) {
    return add(operation, status, "", request);
  }

  /** A request that is refused. */
  DescribedCalls add(String operation, int status, String code, Callable<Answer> request) {
    return raw(operation, status, code, () -> Told.of(request.call()));
  }

  /** A request that no decent client sends. */
  DescribedCalls raw(String operation, int status, String code, Callable<Told> request) {
    return step(
        (operation + " " + status + " " + code).trim(),
        () -> {
          Told told = request.call();
          assertThat(told.status()).as("status of %s", told.text()).isEqualTo(status);
          assertThat(conformity.check(operation, told)).isEqualTo(code);
        });
  }

  /** Anything else that is to be done in its turn. */
  DescribedCalls step(String name, Executable step) {
    tests.add(DynamicTest.dynamicTest(name, step));
    return this;
  }

  List<DynamicTest> tests() {
    return List.copyOf(tests);
  }
}
