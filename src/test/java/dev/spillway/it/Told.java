package dev.spillway.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a server has said to one request, however it was sent.
 *
 * @param head whether the answer is one to HEAD, which has no body whatever its headers say
 */
record Told(int status, HttpHeaders headers, String text, boolean head) {

  static Told of(Answer answer) {
    return new Told(
        answer.status(),
        answer.response().headers(),
        answer.text(),
        answer.response().request().method().equals("HEAD"));
  }

  /** The first answer in what came over a connection. */
  static Told parse(String text) {
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      throw new AssertionError("no answer: \"" + text + '"');
    }
    String[] lines = text.substring(0, end).split("\r\n");
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      headers
          .computeIfAbsent(lines[i].substring(0, colon), name -> new ArrayList<>())
          .add(lines[i].substring(colon + 1).trim());
    }
    return new Told(
        Integer.parseInt(lines[0].split(" ")[1]),
        HttpHeaders.of(headers, (name, value) -> true),
        text.substring(end + 4),
        false);
  }

  /** The header's value, or an empty text. */
  String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  String mediaType() {
    return header("Content-Type").split(";", 2)[0].trim();
  }

  JsonNode json() {
    try {
      return UploadClient.JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException("not JSON: " + text, e);
    }
  }
}
