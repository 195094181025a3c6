package dev.spillway.dashboard;

import dev.spillway.web.Dispatcher;
import dev.spillway.web.Handler;
import dev.spillway.web.RouteTable;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
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
  private final ByteArrayOutputStream answer = new ByteArrayOutputStream();
  private final String method;
  private final String path;
  String body = "";
  long declared = -1;
  int bytesRead;
  int status = 200;
  private boolean bodyTaken;

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
    return answer.toString(StandardCharsets.UTF_8);
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
    if (method.equals("POST") && !bodyTaken) {
      throw new IllegalStateException("this would read the body without a bound");
    }
    return query.get(name);
  }

  private ServletInputStream takeBody() {
    bodyTaken = true;
    return new Body(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
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
              return new Answer(answer);
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

  private final class Body extends ServletInputStream {
    private final InputStream in;

    Body(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      int next = in.read();
      bytesRead += next < 0 ? 0 : 1;
      return next;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = in.read(target, offset, length);
      bytesRead += Math.max(0, read);
      return read;
    }

    @Override
    public boolean isFinished() {
      return false;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new UnsupportedOperationException();
    }
  }

  private static final class Answer extends ServletOutputStream {
    private final ByteArrayOutputStream out;

    Answer(ByteArrayOutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) {
      out.write(b);
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      throw new UnsupportedOperationException();
    }
  }
}
