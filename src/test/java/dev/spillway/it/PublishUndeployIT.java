package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.it.UndeployIT.Deployed;
import dev.spillway.storage.gcs.FakeGcs;
import dev.spillway.storage.gcs.Fault;
import dev.spillway.storage.gcs.RequestKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The web application is taken out of a container after Google's library has been at work in it,
 * and while it is: it leaves no thread and no class, and goes on where it was when it is back.
 */
@Timeout(300)
class PublishUndeployIT {

  private static final Duration NOTICED = Duration.ofMinutes(2);

  /** Before the request could have ended that is on its way. */
  private static final Duration ENDED = Duration.ofSeconds(60);

  private static final Duration CLASSES_GONE = Duration.ofMinutes(2);

  private static final Pattern THREAD = Pattern.compile("(?m)^\"(?<name>[^\"]+)\".*");

  /** What belongs to the virtual machine, to Jetty or to Tomcat; all the rest would be ours. */
  private static final Pattern OF_OTHERS =
      Pattern.compile(
          "main|Reference Handler|Finalizer|Signal Dispatcher|Service Thread|Monitor Deflation"
              + " Thread|Notification Thread|Common-Cleaner|Cleaner-\\d+|Attach"
              + " Listener|DestroyJavaVM|Keep-Alive-Timer|Keep-Alive-SocketCleaner|process"
              + " reaper.*|C[12] CompilerThread\\d+|Sweeper thread|VM .*|G1 .*|GC .*|Serial.*"
              + "|qtp\\d+-.*|Scanner-.*|Session-HouseKeeper.*|Connector-Scheduler-.*"
              + "|Scheduler-.*|JettyShutdownThread|Catalina-.*|container-\\d+|http-nio-.*|FileHandlerLogFilesCleaner-\\d+"
              + "|AsyncFileHandlerWriter-\\d+");

  private static final Pattern LOADER =
      Pattern.compile(
          "(?<instances>\\d+) +\\d+ +\\S+\\.(WebAppClassLoader|ParallelWebappClassLoader)\\s");

  static Stream<Deployed> containers() {
    return UndeployIT.containers();
  }

  @ParameterizedTest
  @MethodSource("containers")
  void whatWasPublishedEndsSoonLeavesNothingAndGoesOnWithTheNextDeployment(
      Deployed deployed, @TempDir Path home) throws Exception {
    try (FakeGcs fake = FakeGcs.in(home.resolve("bucket"))) {
      SentFiles files = new SentFiles(fake);
      try (ServerProcess container = deployed.kind().start(site(files, home))) {
        UploadClient client = new UploadClient(container.base());
        files.send(client, new SeededFile(9301, 3_000_000));
        files.awaitPublished(container, NOTICED);
        files.requireDownloads(client);
        String onItsWay = sendSlowly(fake, files, client);

        long begun = System.nanoTime();
        UndeployIT.putAway(deployed, home);
        Eventually.becomes("it is gone", NOTICED, () -> status(client) == 404);
        awaitNoThreads(container);
        print(container, begun);
        assertThat(fake.openSessions()).as("an upload that has begun and not ended").isPositive();
        assertThat(files.bucket().object(SentFiles.object(onItsWay))).isEmpty();
        requireQuiet(container);

        fake.faults().clear();
        UndeployIT.putBack(deployed, home);
        Eventually.becomes("it is back", NOTICED, () -> status(client) == 200);
        files.awaitPublished(container, NOTICED);
        files.requireEachOnce();
        files.requireDownloads(client);
        if (Effort.FULL && deployed.kind() instanceof StockTomcat) {
          awaitOnlyOneLoader(container);
        }
        requireQuiet(container);
        container.stop();
      }
    }
  }

  /** What is softly referred to is not what this is about. */
  private static Site site(SentFiles files, Path home) {
    Site site = files.site(Site.in(home).brief()).with("SPILLWAY_PUBLISH_BUFFER", "1MiB");
    List<String> jvm = new ArrayList<>(site.jvm());
    jvm.add("-XX:SoftRefLRUPolicyMSPerMB=0");
    return new Site(site.home(), List.copyOf(jvm), site.environment(), site.only());
  }

  /** One that is in the middle of a request, with more of them to come. */
  private static String sendSlowly(FakeGcs fake, SentFiles files, UploadClient client)
      throws Exception {
    int before = fake.counts().of(RequestKind.CHUNK);
    fake.faults().on(RequestKind.CHUNK).skipping(1).always().meet(Fault.slow(10_000));
    String id = files.send(client, new SeededFile(9302, 3_000_000));
    Eventually.becomes(
        "it is being sent", NOTICED, () -> fake.counts().of(RequestKind.CHUNK) >= before + 2);
    return id;
  }

  private static int status(UploadClient client) throws Exception {
    return client.get("health/ready").status();
  }

  private static void awaitNoThreads(ServerProcess container) throws Exception {
    try {
      Eventually.becomes("no thread is left", ENDED, () -> ours(container).isEmpty());
    } catch (AssertionError e) {
      throw new AssertionError("threads are left: " + ours(container) + container.log(), e);
    }
  }

  private static List<String> ours(ServerProcess container) throws Exception {
    List<String> names = new ArrayList<>();
    Matcher threads = THREAD.matcher(jcmd(container, "Thread.print"));
    while (threads.find()) {
      if (!OF_OTHERS.matcher(threads.group("name")).matches()) {
        names.add(threads.group("name"));
      }
    }
    return names;
  }

  private static void print(ServerProcess container, long begun) {
    System.out.printf(
        Locale.ROOT,
        "PublishUndeployIT: gone %.1f s after its descriptor (%s)%n",
        (System.nanoTime() - begun) / 1e9,
        container.base().getPath());
  }

  /**
   * The former one is kept for a while, whether files were published or not: SQLite's driver asks a
   * program for the kind of system, and the virtual machine's thread that has waited for it lives
   * until it has been idle for a minute. In Jetty it cannot be told: the thread that undeploys goes
   * on with the class loader as its context's.
   */
  private static void awaitOnlyOneLoader(ServerProcess container) throws Exception {
    Eventually.becomes(
        "the former application's classes are gone", CLASSES_GONE, () -> loaders(container) == 1);
  }

  private static long loaders(ServerProcess container) throws Exception {
    Matcher loader = LOADER.matcher(jcmd(container, "GC.class_histogram"));
    return loader.find() ? Long.parseLong(loader.group("instances")) : 0;
  }

  private static void requireQuiet(ServerProcess container) throws Exception {
    assertThat(container.log())
        .doesNotContain("memory leak")
        .doesNotContain("LinkageError")
        .doesNotContain("NoClassDefFoundError")
        .doesNotContain("ERROR")
        .doesNotContain("WARN")
        .doesNotContain("SEVERE")
        .doesNotContain("\tat ");
  }

  private static String jcmd(ServerProcess server, String command) throws Exception {
    Process jcmd =
        new ProcessBuilder(ServerKind.java("jcmd"), Long.toString(server.pid()), command)
            .redirectErrorStream(true)
            .start();
    String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(jcmd.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(said).contains(Long.toString(server.pid()));
    return said;
  }
}
