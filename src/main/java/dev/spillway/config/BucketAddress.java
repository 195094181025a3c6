package dev.spillway.config;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bucket of Google Cloud Storage and where in it. Immutable, for any thread.
 *
 * @param bucket its name
 * @param prefix what the names of objects begin with, without slashes at its ends; empty for
 *     nothing
 */
public record BucketAddress(String bucket, String prefix) {

  private static final Pattern ADDRESS =
      Pattern.compile("gs://(?<bucket>[^/]*)(?<path>/.*)?", Pattern.DOTALL);

  /** Google's rules: cloud.google.com/storage/docs/buckets#naming. */
  private static final Pattern BUCKET =
      Pattern.compile("[a-z0-9][a-z0-9_-]{0,61}[a-z0-9](\\.[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?)*");

  private static final Pattern IP = Pattern.compile("[0-9]+(\\.[0-9]+){3}");
  private static final int SHORTEST = 3;
  private static final int LONGEST = 222;

  /** An object's name has 1,024 bytes at most, and the date and the id come behind. */
  private static final int LONGEST_PREFIX = 900;

  /** Empty, or {@code gs://bucket} with a prefix or without. */
  static ValueType<Optional<BucketAddress>> orNone() {
    return new ValueType<>(
        "empty, or gs://bucket or gs://bucket/prefix",
        text -> text.isBlank() ? Optional.empty() : Optional.of(parse(text.strip())),
        address -> address.map(BucketAddress::toString).orElse(""),
        Shown::text);
  }

  private static BucketAddress parse(String text) {
    Matcher address = ADDRESS.matcher(text);
    if (!address.matches()) {
      throw new IllegalArgumentException("does not begin with gs:// and a bucket, on one line");
    }
    String path = address.group("path");
    return new BucketAddress(bucket(address.group("bucket")), path == null ? "" : prefix(path));
  }

  private static String bucket(String name) {
    if (name.length() < SHORTEST || name.length() > LONGEST || !BUCKET.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "names a bucket that cannot be: 3 to 63 lower-case letters, digits, - and _, and more of"
              + " them after a dot");
    }
    if (IP.matcher(name).matches()) {
      throw new IllegalArgumentException("names an IP address where a bucket belongs");
    }
    return name;
  }

  /** Of a path that begins with a slash. */
  private static String prefix(String path) {
    if (path.contains("//")) {
      throw new IllegalArgumentException("has an empty folder in its prefix");
    }
    String prefix = path.substring(1, Math.max(1, path.length() - (path.endsWith("/") ? 1 : 0)));
    if (prefix.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("has a control character in its prefix");
    }
    for (String folder : prefix.split("/", -1)) {
      if (folder.equals(".") || folder.equals("..")) {
        throw new IllegalArgumentException(
            "has a folder . or .. in its prefix, which leads nowhere");
      }
    }
    if (prefix.getBytes(StandardCharsets.UTF_8).length > LONGEST_PREFIX) {
      throw new IllegalArgumentException("has a prefix of more than 900 bytes");
    }
    return prefix;
  }

  @Override
  public String toString() {
    return "gs://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
  }
}
