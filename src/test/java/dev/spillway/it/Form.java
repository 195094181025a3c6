package dev.spillway.it;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A multipart body, built part by part, with every freedom to build it wrong. */
final class Form {

  static final String BOUNDARY = "----spillway-test-5f1d8c";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private String contentType = "multipart/form-data; boundary=" + BOUNDARY;

  Form field(String name, Object value) {
    return part(
        "Content-Disposition: form-data; name=\"" + name + "\"\r\n",
        value.toString().getBytes(StandardCharsets.UTF_8));
  }

  Form file(String filename, byte[] content) {
    return part(fileHeaders(filename), content);
  }

  /** Headers as browsers write them: UTF-8, with quotes and line ends percent-encoded. */
  static String fileHeaders(String filename) {
    String quoted = filename.replace("\r", "%0D").replace("\n", "%0A").replace("\"", "%22");
    return "Content-Disposition: form-data; name=\"chunk\"; filename=\""
        + quoted
        + "\"\r\nContent-Type: application/octet-stream\r\n";
  }

  /**
   * @param headers each with its line end
   */
  Form part(String headers, byte[] content) {
    return text("--" + BOUNDARY + "\r\n" + headers + "\r\n").raw(content).text("\r\n");
  }

  Form text(String text) {
    return raw(text.getBytes(StandardCharsets.UTF_8));
  }

  Form raw(byte[] content) {
    bytes.writeBytes(content);
    return this;
  }

  Form contentType(String type) {
    contentType = type;
    return this;
  }

  String contentType() {
    return contentType;
  }

  /** The body without its end, for what follows from elsewhere. */
  byte[] open() {
    return bytes.toByteArray();
  }

  byte[] body() {
    byte[] open = open();
    byte[] end = end();
    byte[] all = new byte[open.length + end.length];
    System.arraycopy(open, 0, all, 0, open.length);
    System.arraycopy(end, 0, all, open.length, end.length);
    return all;
  }

  static byte[] end() {
    return ("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8);
  }
}
