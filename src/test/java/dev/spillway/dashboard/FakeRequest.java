package dev.spillway.dashboard;

import dev.spillway.web.Dispatcher;
import dev.spillway.web.FakeAnswer;
import dev.spillway.web.FakeBody;
import dev.spillway.web.Handler;
import dev.spillway.web.RouteTable;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request and its answer, as far as the dashboard asks for them. What nobody has asked for so far
 * fails, so that nobody believes in a made-up answer.
 */
final class FakeRequest {

  final Map<String, String> headers = new HashMap<>();
  final Map<String, String> query = new HashMap<>();
  final Map<String, String> answered = new HashMap<>();
  private final Map<String, Object> attributes = new HashMap<>();
  private final FakeAnswer answer = new FakeAnswer();
  private final String method;
  private final String path;
  String body = "";
  long declared = -1;
  private @Nullable FakeBody taken;
  int status = 200;

  FakeRequest(String method, String path) {
    this.method = method;
    this.path = path;
  }

  FakeRequest header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  FakeRequest query(String name, String value) {
    query.put(name, value);
    return this;
  }

  String text() {
    return answer.text();
  }

  int bytesRead() {
    return taken == null ? 0 : taken.bytesRead();
  }

  /** One handler gets it, whatever its path. */
  void handle(Handler handler) throws IOException, ServletException {
    handle(new RouteTable().get(path, handler).post(path, handler));
  }

  void handle(RouteTable routes) throws IOException, ServletException {
    new Dispatcher(routes).service(request(), response());
  }

  private HttpServletRequest request() {
    return fake(
        HttpServletRequest.class,
        (proxy, called, arguments) ->
            switch (called.getName()) {
              case "getMethod" -> method;
              case "getServletPath" -> path;
              case "getPathInfo" -> null;
              case "getContextPath" -> "/app";
              case "getDispatcherType" -> DispatcherType.REQUEST;
              case "getRemoteAddr" -> "192.0.2.7";
              case "getHeader" -> headers.get(argument(arguments));
              case "getHeaders" ->
                  Collections.enumeration(
                      Optional.ofNullable(headers.get(argument(arguments)))
                          .map(List::of)
                          .orElse(List.of()));
              case "getContentLengthLong" -> declared;
              case "getInputStream" -> takeBody();
              case "getParameter" -> parameter(argument(arguments));
              case "setAttribute" -> attributes.put(argument(arguments), arguments[1]);
              default -> throw new UnsupportedOperationException(called.toString());
            });
  }

  /** A container reads a form's body for its parameters unless somebody else does. */
  private @Nullable String parameter(String name) {
    if (method.equals("POST") && taken == null) {
      throw new IllegalStateException("this would read the body without a bound");
    }
    return query.get(name);
  }

  private ServletInputStream takeBody() {
    FakeBody in = new FakeBody(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    taken = in;
    return in;
  }

  private HttpServletResponse response() {
    return fake(
        HttpServletResponse.class,
        (proxy, called, arguments) -> {
          switch (called.getName()) {
            case "setStatus" -> status = (int) arguments[0];
            case "setHeader" -> answered.put(argument(arguments), String.valueOf(arguments[1]));
            case "setContentType" -> answered.put("Content-Type", argument(arguments));
            case "setContentLength" -> {
              return null;
            }
            case "getOutputStream" -> {
              return answer;
            }
            default -> throw new UnsupportedOperationException(called.toString());
          }
          return null;
        });
  }

  private static String argument(Object[] arguments) {
    return String.valueOf(arguments[0]);
  }

  private static <T> T fake(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
