package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Access to the dashboard of a server that runs by itself. */
class AccessIT extends RunningServer implements AccessScenario {

  private static final Pattern PASSWORD =
      Pattern.compile(
          "Dashboard: sign in as operator with the password ([0-9A-Z-]{23}); it is not shown again");

  AccessIT() {
    super(Realms.executableWarWithPasswordsInPlainText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic !!", "Basic Og==", "Basic AAAA"})
  void malformedCredentialsAreLikeWrongOnes(String authorization) throws Exception {
    Answer answer = OperatorClient.withHeader(client().base(), authorization).get("dashboard");
    answer.requireProblem(401, "not-signed-in");
  }

  @Test
  void credentialsThatAreMeantForAProxyDoNotHinderAnUpload() throws Exception {
    Answer answer =
        client().get("uploads/aaaaaaaaaaaaaaaaaaaaaaaaaa", "Authorization", "Basic eDp5");
    answer.requireProblem(404, "upload-not-found");
  }

  @Test
  void theFirstStartMakesAPasswordAndTellsItOnce(@TempDir Path home) throws Exception {
    Site site = Site.in(home).brief().with(ServerProcess.PASSWORD, "");
    String password;
    try (ServerProcess first = new ExecutableWar().start(site)) {
      Matcher line = PASSWORD.matcher(first.log());
      assertThat(line.find()).as("told in %s", first.log()).isTrue();
      password = line.group(1);
      requireLetIn(first, password);
      first.stop();
      assertThat(first.log().split(password, -1)).as("told once").hasSize(2);
    }
    Path account = site.data().resolve("dashboard-account");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(account)))
        .isEqualTo("rw-------");
    assertThat(account).content().startsWith("pbkdf2-sha256:").doesNotContain(password);
    try (ServerProcess second = new ExecutableWar().start(site)) {
      requireLetIn(second, password);
      second.stop();
      assertThat(second.log()).doesNotContain(password, "Dashboard: sign in as");
    }
  }

  private static void requireLetIn(ServerProcess server, String password) throws Exception {
    Answer answer = OperatorClient.of(server.base(), "operator", password).get("dashboard");
    assertThat(answer.status()).as("status of %s", answer.text()).isNotIn(401, 403, 429, 500);
  }

  @Test
  void anAccountThatCannotBeReadStopsTheStart(@TempDir Path home) throws Exception {
    Site site = Site.in(home).brief();
    Path account = Files.createDirectories(site.data()).resolve("dashboard-account");
    Files.writeString(account, "not an account\n");
    String said = said(new ExecutableWar().command(site), "", 1);
    assertThat(said).contains(account.toString(), "Delete the file");
    assertThat(account).hasContent("not an account");
  }

  @Test
  void aHashInTheSettingsTakesThePlaceOfThePassword(@TempDir Path home) throws Exception {
    ProcessBuilder program =
        new ProcessBuilder(
            ServerKind.java("java"), "-jar", ServerKind.war().toString(), "--hash-password");
    String hash = said(program, "Kanari3nv0gel\n", 0).strip();
    assertThat(hash).startsWith("pbkdf2-sha256:600000:").doesNotContain("Kanari");
    Site site = Site.in(home).brief().with("SPILLWAY_DASHBOARD_PASSWORD", hash);
    try (ServerProcess server = new ExecutableWar().start(site)) {
      requireLetIn(server, "Kanari3nv0gel");
      assertThat(server.log()).doesNotContain(hash, "Dashboard: sign in as");
    }
  }

  private static String said(ProcessBuilder command, String typed, int status) throws Exception {
    Process process = command.redirectErrorStream(true).start();
    try {
      process.getOutputStream().write(typed.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as("status of %s", said).isEqualTo(status);
      return said;
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aFloodOfGuessesHindersNeitherUploadsNorWhoeverHasSignedIn(@TempDir Path home)
      throws Exception {
    try (ServerProcess server = Realms.executableWar().start(Site.in(home))) {
      UploadClient uploads = new UploadClient(server.base());
      OperatorClient operator = Realms.client(server.base(), "operator");
      assertThat(operator.get("dashboard").status()).isNotIn(401, 403, 429);
      var statuses = new ConcurrentHashMap<Integer, AtomicInteger>();
      ExecutorService guessers = Executors.newFixedThreadPool(8);
      try {
        List<Future<?>> guesses = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
          OperatorClient guesser = OperatorClient.of(server.base(), "operator", "guess " + i);
          guesses.add(
              guessers.submit(
                  () ->
                      statuses
                          .computeIfAbsent(
                              guesser.get("dashboard").status(), s -> new AtomicInteger())
                          .incrementAndGet()));
        }
        Small.finished(uploads);
        assertThat(operator.get("dashboard").status()).isNotIn(401, 403, 429);
        for (Future<?> guess : guesses) {
          guess.get(180, TimeUnit.SECONDS);
        }
      } finally {
        guessers.shutdownNow();
      }
      assertThat(statuses.keySet()).isSubsetOf(401, 429);
      // Ten at once and ten a minute are looked at, whatever the machine.
      assertThat(statuses.get(401).get()).isBetween(1, 30);
      assertThat(operator.get("dashboard").status()).isNotIn(401, 403, 429);
      Health.requireNothingHeld(uploads);
    }
  }
}
