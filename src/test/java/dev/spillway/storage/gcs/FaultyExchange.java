package dev.spillway.storage.gcs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Between the network and the service: carries out what the script says. Any thread may call. */
final class FaultyExchange extends Handler.Abstract {

  private static final Fault NONE = new Fault(Fault.Kind.LATE, 0, 0, Duration.ZERO);

  private final GcsService service;
  private final FaultScript script;
  private final RequestCounts counts;
  private volatile CountDownLatch interruption = new CountDownLatch(1);

  FaultyExchange(GcsService service, FaultScript script, RequestCounts counts) {
    this.service = service;
    this.script = script;
    this.counts = counts;
  }

  /** Ends what only waits. */
  void interrupt() {
    CountDownLatch now = interruption;
    interruption = new CountDownLatch(1);
    now.countDown();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Call call = Call.of(request, Content.Source.asInputStream(request));
    // Before it is counted: who has seen it come can end it.
    Waits waits = new Waits(interruption);
    counts.begin(call.kind());
    try {
      exchange(call, response, waits);
      callback.succeeded();
    } catch (IOException | RuntimeException e) {
      reset(request);
      callback.failed(e);
    } finally {
      counts.end(call.kind());
    }
    return true;
  }

  private void exchange(Call call, Response response, Waits waits) throws IOException {
    Fault fault = script.next(call).orElse(NONE);
    int status = 0;
    Reply reply;
    try {
      reply = reply(call.reading(tampered(call, fault, waits)), fault);
      drain(call.rawBody());
      beforeAnswer(fault, waits);
      status = reply.status();
    } finally {
      // Before it is sent: who has read an answer finds it in the log.
      counts.answered(call.kind(), status);
    }
    send(response, reply, call.kind() == RequestKind.DOWNLOAD ? fault : NONE, waits);
  }

  private InputStream tampered(Call call, Fault fault, Waits waits) {
    return new TamperedInput(call.rawBody(), fault, waits::pace, counts);
  }

  private static void beforeAnswer(Fault fault, Waits waits) throws IOException {
    if (fault.kind() == Fault.Kind.LOST_ANSWER) {
      throw new ConnectionCut("the answer was to be lost");
    }
    waits.take(fault.delay());
  }

  private Reply reply(Call call, Fault fault) throws IOException {
    return switch (fault.kind()) {
      case ANSWER -> {
        drain(call.rawBody());
        yield GcsProblem.scripted(fault.status()).reply();
      }
      case ANSWER_AFTER -> {
        try {
          yield service.answer(call);
        } catch (ConnectionCut e) {
          yield GcsProblem.scripted(fault.status()).reply();
        }
      }
      case KEPT_LESS -> {
        try {
          yield service.answer(call);
        } catch (ConnectionCut e) {
          yield service.sessions().progress(call);
        }
      }
      case RESET -> {
        if (fault.bytes() == 0) {
          throw new ConnectionCut("nothing was to be taken");
        }
        yield service.answer(call);
      }
      case UNFINISHED -> {
        service.sessions().keep(call);
        yield fault.status() == 308
            ? service.sessions().progress(call)
            : GcsProblem.scripted(fault.status()).reply();
      }
      case EXPIRED -> service.sessions().expire(call, fault.status());
      default -> service.answer(call);
    };
  }

  /** A client that is still sending would not read an answer. */
  private void drain(InputStream body) throws IOException {
    byte[] piece = new byte[64 * 1024];
    for (int read = body.read(piece); read >= 0; read = body.read(piece)) {
      counts.arrived(body instanceof TamperedInput ? 0 : read);
    }
  }

  private static void send(Response response, Reply reply, Fault fault, Waits waits)
      throws IOException {
    response.setStatus(reply.status());
    reply.headers().forEach((name, value) -> response.getHeaders().put(name, value));
    response.getHeaders().put("X-GUploader-UploadID", "fake");
    if (reply.status() != 204) {
      response.getHeaders().put("Content-Length", reply.length());
    }
    OutputStream out = Content.Sink.asOutputStream(response);
    reply.body().writeTo(new TamperedOutput(out, fault, waits::pace));
    out.close();
  }

  /** The pauses of one exchange, which end when the fake is interrupted after its beginning. */
  private record Waits(CountDownLatch interruption) {

    void pace(int bytes, long bytesPerSecond) throws IOException {
      take(Duration.ofNanos(bytes * 1_000_000_000L / bytesPerSecond));
    }

    void take(Duration delay) throws IOException {
      try {
        if (!delay.isZero() && interruption.await(delay.toNanos(), TimeUnit.NANOSECONDS)) {
          throw new ConnectionCut("the fake is stopping");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ConnectionCut("the fake is stopping");
      }
    }
  }

  private static void reset(Request request) {
    Object transport = request.getConnectionMetaData().getConnection().getEndPoint();
    // What speaks TLS has another one below.
    while (transport instanceof EndPoint outer) {
      transport = outer.getTransport();
    }
    try (SocketChannel channel = (SocketChannel) transport) {
      // Closed like this, it says RST and not FIN.
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException e) {
      // It is closed already: the same to the client.
    }
  }
}
