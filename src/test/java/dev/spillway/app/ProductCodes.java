package dev.spillway.app;

import dev.spillway.admission.AdmissionRefused;
import dev.spillway.http.DomainProblems;
import dev.spillway.upload.UploadRefused;
import dev.spillway.web.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Every problem code that the product's sources can give a client of the API, with its statuses.
 * The dashboard's own are none of the API's.
 */
final class ProductCodes {

  private static final Path SOURCES = Path.of("src/main/java/dev/spillway");

  /** The one class of that package whose answers are the API's. */
  private static final String HEALTH = "dashboard/HealthEndpoints.java";

  private static final Pattern OF =
      Pattern.compile("Problem\\.of\\(\\s*(\\w+),\\s*([^,\\s]+(?: \\+ \\w+)?),");
  private static final Pattern BY_HAND =
      Pattern.compile("(?:case (\\w+)|default) ->\\s*json\\(status, \"([a-z-]+)\"");

  /** What the sources do not say with a literal, by file and expression. */
  private static final Map<String, Set<Integer>> STATUSES =
      Map.of("RoleGate not-signed-in", Set.of(401, 403));

  /** Given as constants. */
  private static final Map<String, String> CODES = Map.of("BODY_BROKEN", "body-broken");

  /** Worked out from reasons, which are asked one by one, or from a status of the container. */
  private static final Set<String> ELSEWHERE =
      Set.of("DomainProblems code", "ErrorPage \"http-\" + code");

  /** Of what never reaches the application, by the container's own word: what Jetty may say. */
  private static final Set<Integer> NOT_HTTP = Set.of(400, 404, 417, 426, 505);

  private final SortedMap<String, SortedSet<Integer>> codes = new TreeMap<>();

  private ProductCodes() {}

  /** By code. Codes that are made of a status are left out. */
  static SortedMap<String, SortedSet<Integer>> read() throws IOException {
    ProductCodes all = new ProductCodes();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(ProductCodes::answersTheApi).toList()) {
        all.addFrom(file);
      }
    }
    all.addReasons();
    return all.codes;
  }

  private static boolean answersTheApi(Path file) {
    return file.toString().endsWith(".java")
        && (!file.startsWith(SOURCES.resolve("dashboard")) || file.endsWith(HEALTH));
  }

  private void addFrom(Path file) throws IOException {
    String name = file.getFileName().toString().replace(".java", "");
    String source = Files.readString(file);
    for (Matcher problem = OF.matcher(source); problem.find(); ) {
      add(name, problem.group(1), problem.group(2));
    }
    for (Matcher answer = BY_HAND.matcher(source); answer.find(); ) {
      if (answer.group(1) == null) {
        NOT_HTTP.forEach(status -> add(answer.group(2), status));
      } else {
        add(answer.group(2), answer.group(1).equals("DRAINING") ? 503 : number(answer.group(1)));
      }
    }
  }

  private void add(String file, String status, String expression) {
    if (ELSEWHERE.contains(file + " " + expression)) {
      return;
    }
    String code = CODES.getOrDefault(expression, expression.replace("\"", ""));
    if (!code.matches("[a-z0-9-]+")) {
      throw new AssertionError("which code is " + expression + " in " + file + "?");
    }
    if (!code.startsWith("http-")) {
      STATUSES
          .getOrDefault(file + " " + code, Set.of(status.equals("status") ? 0 : number(status)))
          .forEach(each -> add(code, each));
    }
  }

  private static int number(String status) {
    return Integer.parseInt(status);
  }

  private void add(String code, int status) {
    codes.computeIfAbsent(code, unknown -> new TreeSet<>()).add(status);
  }

  private void addReasons() {
    DomainProblems problems = new DomainProblems(() -> {});
    Stream<RuntimeException> ofDomain =
        Stream.of(UploadRefused.Reason.values())
            .map(reason -> new UploadRefused(reason, "a text", Map.of()));
    Stream<RuntimeException> ofAdmission =
        Stream.of(AdmissionRefused.Reason.values())
            .map(reason -> new AdmissionRefused(reason, "a text", Map.of(), Duration.ZERO));
    for (RuntimeException refusal : Stream.concat(ofDomain, ofAdmission).toList()) {
      Problem problem = problems.apply(refusal).orElseThrow();
      add(problem.code(), problem.status());
    }
  }

  /**
   * The table of refusals in a document: each row has statuses, codes, and what there is to say.
   */
  static SortedMap<String, SortedSet<Integer>> documented(List<String> lines) {
    ProductCodes documented = new ProductCodes();
    Pattern row = Pattern.compile("\\| ([0-9, ]+) \\| ([^|]+) \\|.*");
    for (String line : lines) {
      Matcher cells = row.matcher(line);
      if (cells.matches()) {
        for (Matcher code = Pattern.compile("`([a-z-]+)`").matcher(cells.group(2)); code.find(); ) {
          for (String status : cells.group(1).split(", ")) {
            documented.add(code.group(1), number(status));
          }
        }
      }
    }
    return documented.codes;
  }
}
