package dev.spillway.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request and its answer, as far as filters ask for them. What no filter has asked for so far
 * fails, so that nobody believes in a made-up answer.
 */
final class FakeExchange {

  final Map<String, Object> attributes = new HashMap<>();
  final Map<String, String> headers = new HashMap<>();
  final ByteArrayOutputStream answer = new ByteArrayOutputStream();
  String method = "GET";
  String path = "/";
  DispatcherType dispatch = DispatcherType.REQUEST;
  @Nullable String user;
  InputStream body = new ByteArrayInputStream(new byte[0]);
  int status = 200;
  boolean committed;

  HttpServletRequest request() {
    return fake(
        HttpServletRequest.class,
        (proxy, called, arguments) ->
            switch (called.getName()) {
              case "getMethod" -> method;
              case "getServletPath" -> path;
              case "getPathInfo" -> null;
              case "getRequestURI" -> "/app" + path;
              case "getContextPath" -> "/app";
              case "getDispatcherType" -> dispatch;
              case "getRemoteAddr" -> "192.0.2.7";
              case "getRemoteUser" -> user;
              case "getHeader" -> headers.get(argument(arguments, 0));
              case "getContentLengthLong" -> -1L;
              case "getInputStream" -> new Body(body);
              case "getAttribute" -> attributes.get(argument(arguments, 0));
              case "setAttribute" -> attributes.put(argument(arguments, 0), arguments[1]);
              default -> throw new UnsupportedOperationException(called.toString());
            });
  }

  HttpServletResponse response() {
    return fake(
        HttpServletResponse.class,
        (proxy, called, arguments) -> {
          switch (called.getName()) {
            case "setStatus" -> status = (int) arguments[0];
            case "setHeader" -> headers.put("answer:" + arguments[0], argument(arguments, 1));
            case "flushBuffer" -> committed = true;
            case "getStatus" -> {
              return status;
            }
            case "isCommitted" -> {
              return committed;
            }
            case "getOutputStream" -> {
              return new Answer(answer);
            }
            case "getWriter" -> {
              return new PrintWriter(new StringWriter());
            }
            case "resetBuffer", "setContentType", "setContentLength", "setCharacterEncoding" -> {
              return null;
            }
            default -> throw new UnsupportedOperationException(called.toString());
          }
          return null;
        });
  }

  private static String argument(Object[] arguments, int index) {
    return String.valueOf(arguments[index]);
  }

  private static <T> T fake(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  String answered() {
    return answer.toString(StandardCharsets.UTF_8);
  }

  private static final class Body extends ServletInputStream {
    private final InputStream in;

    Body(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      return in.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return in.read(target, offset, length);
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
