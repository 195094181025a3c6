package dev.spillway.web;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A request that has headers and the name of its server; nothing else can be asked of it. */
final class FakeRequest {

  private FakeRequest() {}

  /**
   * @param headers names and values
   */
  static HttpServletRequest with(Map<String, String> headers, String serverName, int serverPort) {
    Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    byName.putAll(headers);
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            FakeRequest.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getHeader" -> byName.get(arguments[0].toString());
                  case "getHeaders" ->
                      Collections.enumeration(
                          byName.containsKey(arguments[0].toString())
                              ? List.of(byName.get(arguments[0].toString()))
                              : List.of());
                  case "getContentType" -> byName.get("Content-Type");
                  case "getServerName" -> serverName.toLowerCase(Locale.ROOT);
                  case "getServerPort" -> serverPort;
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
