package dev.spillway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RouteTableTest {

  private final Handler show = exchange -> {};
  private final Handler chunk = exchange -> {};
  private final RouteTable routes =
      new RouteTable()
          .get("/", exchange -> {})
          .get("/uploads/{id}", show)
          .delete("/uploads/{id}", exchange -> {})
          .put("/uploads/{id}/chunks/{index}", chunk);

  @Test
  void variablesAreTakenFromThePath() {
    assertThat(routes.find("PUT", "/uploads/abc/chunks/7"))
        .contains(
            new RouteTable.Match(
                "/uploads/{id}/chunks/{index}", chunk, Map.of("id", "abc", "index", "7")));
  }

  @Test
  void headIsAnsweredByTheGetRoute() {
    assertThat(routes.find("HEAD", "/uploads/abc")).map(RouteTable.Match::handler).contains(show);
  }

  @Test
  void pathsWithMoreOrFewerSegmentsAreUnknown() {
    assertThat(routes.find("GET", "/uploads/abc/")).isEmpty();
    assertThat(routes.find("GET", "/uploads")).isEmpty();
    assertThat(routes.find("GET", "//uploads/abc")).isEmpty();
  }

  @Test
  void methodsOfAPathAreKnown() {
    assertThat(routes.methods("/uploads/abc")).containsExactly("DELETE", "GET", "HEAD", "OPTIONS");
    assertThat(routes.methods("/nothing")).isEmpty();
  }

  @Test
  void oneRouteHasOneHandler() {
    assertThatThrownBy(() -> routes.get("/uploads/{id}", show))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("GET /uploads/{id}");
  }
}
