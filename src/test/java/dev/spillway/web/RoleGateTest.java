package dev.spillway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoleGateTest {

  private final AtomicInteger letIn = new AtomicInteger();
  private final RoleGate gate = new RoleGate(exchange -> letIn.incrementAndGet());

  /** An exchange of somebody with these roles, who is no browser. */
  private static Exchange of(@Nullable String name, Set<String> roles) {
    HttpServletRequest request =
        (HttpServletRequest)
            Proxy.newProxyInstance(
                RoleGateTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "getRemoteUser" -> name;
                      case "isUserInRole" -> roles.contains(arguments[0].toString());
                      case "getHeader" -> null;
                      default -> throw new UnsupportedOperationException(method.getName());
                    });
    return new Exchange(request, new FakeExchange().response(), Map.of());
  }

  private String refusal(Exchange exchange) {
    ProblemException refused =
        catchThrowableOfType(ProblemException.class, () -> gate.handle(exchange));
    return refused.problem().status() + " " + refused.problem().code();
  }

  @ParameterizedTest
  @ValueSource(strings = {RoleGate.OPERATOR, RoleGate.VIEWER})
  void whoeverHasOneOfTheRolesIsLetIn(String role) throws IOException {
    gate.handle(of("ann", Set.of(role)));
    assertThat(letIn).hasValue(1);
  }

  @Test
  void aStrangerIsNot() {
    assertThat(refusal(of(null, Set.of(RoleGate.OPERATOR)))).isEqualTo("403 not-signed-in");
    assertThat(letIn).hasValue(0);
  }

  @Test
  void anAccountWithOtherRolesIsNot() {
    assertThat(refusal(of("ann", Set.of("admin", "*", "**")))).isEqualTo("403 role-missing");
    assertThat(letIn).hasValue(0);
  }
}
