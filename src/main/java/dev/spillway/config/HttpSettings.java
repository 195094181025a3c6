package dev.spillway.config;

/**
 * Bounds of a request's parts that are not file content. Immutable, for any thread.
 *
 * @param maxJson the largest JSON body
 * @param maxParts how many parts a multipart body may have
 * @param maxPartHeader the longest header of a part
 * @param maxField the longest value of a form field
 */
public record HttpSettings(
    DataSize maxJson, int maxParts, DataSize maxPartHeader, DataSize maxField) {

  static HttpSettings read(SettingsReader in) {
    return new HttpSettings(
        in.read("http.max-json", "64KiB", ValueType.size("1KiB", "1MiB"), "The largest JSON body."),
        in.read(
            "http.max-parts",
            "20",
            ValueType.integer(2, 50),
            "How many parts a multipart body may have."),
        in.read(
            "http.max-part-header",
            "4KiB",
            ValueType.size("512B", "16KiB"),
            "The longest header of a part of a multipart body."),
        in.read(
            "http.max-field",
            "4KiB",
            ValueType.size("256B", "64KiB"),
            "The longest value of a field in a multipart body."));
  }
}
