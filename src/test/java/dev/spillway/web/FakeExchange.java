package dev.spillway.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
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
  final FakeAnswer answer = new FakeAnswer();
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
              case "getInputStream" -> new FakeBody(body);
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
              return answer;
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
    return answer.text();
  }
}
