package dev.spillway.web;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rest of a refused request, within bounds, after the answer has been sent. A client that
 * is still sending would otherwise meet a reset connection and never see the answer.
 *
 * <p>Not after a failed read: reading on would wait for the same dead client once more. And not
 * when the client still waits for {@code 100 Continue}, which it gets when the body is asked for.
 */
public final class UnreadBody {

  private static final int PIECE = 8192;
  private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "DELETE", "OPTIONS");

  /** The code of the problem that says that the body could not be read to its end. */
  static final String BODY_BROKEN = "body-broken";

  /** The attribute of a request under which it is found as {@link Watched}. */
  static final String WATCHED = "dev.spillway.watched";

  /**
   * How many threads may read for nothing. When a flood of requests is refused, the others close
   * their connections at once: some clients then miss the answer, but nobody waits for a thread.
   */
  private static final int READERS = 16;

  private final long limit;
  private final Duration patience;
  private final LongSupplier nanoTime;
  private final Semaphore readers = new Semaphore(READERS);

  /**
   * @param limit the most bytes to read
   * @param patience the longest time to read for
   */
  public UnreadBody(long limit, Duration patience, LongSupplier nanoTime) {
    this.limit = limit;
    this.patience = patience;
    this.nanoTime = nanoTime;
  }

  /** How many threads read for nothing now. */
  public int readersInUse() {
    return READERS - readers.availablePermits();
  }

  /** How many threads may. */
  public int readersLimit() {
    return READERS;
  }

  /** What to answer when the body could not be read to its end. */
  public static Problem broken() {
    return Problem.of(
            400,
            BODY_BROKEN,
            "The body broke off, or its chunked coding is malformed. Of a chunk, what arrived without"
                + " a checksum was kept; ask for the upload's status.")
        .retryAfter(Duration.ofSeconds(1));
  }

  /**
   * Before the answer: says whether the connection will end, and whether there is a rest to read.
   */
  boolean announce(Watched request, HttpServletResponse response, Problem problem) {
    boolean hasBody =
        request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
    if (!hasBody || WITHOUT_BODY.contains(request.getMethod())) {
      return false;
    }
    boolean notAskedFor = request.getHeader("Expect") != null && !request.bodyAskedFor();
    if (problem.code().equals(BODY_BROKEN) || request.bodyIsBroken() || notAskedFor) {
      response.setHeader("Connection", "close");
      return false;
    }
    if (request.getContentLengthLong() < 0 || request.getContentLengthLong() > limit) {
      response.setHeader("Connection", "close");
    }
    return true;
  }

  /** After the answer. A failure here concerns nobody: the answer is on its way. */
  void consume(HttpServletRequest request) {
    if (readers.tryAcquire()) {
      try {
        read(request);
      } finally {
        readers.release();
      }
    }
  }

  private void read(HttpServletRequest request) {
    long deadline = nanoTime.getAsLong() + patience.toNanos();
    byte[] piece = new byte[PIECE];
    long total = 0;
    try {
      InputStream body = request.getInputStream();
      int n = body.read(piece);
      while (n >= 0 && total < limit && nanoTime.getAsLong() < deadline) {
        total += n;
        n = body.read(piece);
      }
    } catch (IOException | IllegalStateException | ProblemException e) {
      // The client has gone or is too slow, or the container has closed the body.
    }
  }

  /** A request that remembers whether its body has been asked for, and what became of it. */
  static final class Watched extends HttpServletRequestWrapper {

    private final BodyPace pace;
    private @Nullable BodyInput body;

    Watched(HttpServletRequest request, BodyPace pace) {
      super(request);
      this.pace = pace;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      if (body == null) {
        body = new BodyInput(super.getInputStream(), pace.start());
      }
      return body;
    }

    boolean bodyAskedFor() {
      return body != null;
    }

    boolean bodyIsBroken() {
      return body != null && body.isBroken();
    }

    /** How many bytes of the body have been read, by whomever. */
    long bytesRead() {
      return body == null ? 0 : body.bytesRead();
    }
  }
}
