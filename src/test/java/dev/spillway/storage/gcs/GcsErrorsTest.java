package dev.spillway.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.cloud.storage.StorageException;
import dev.spillway.storage.gcs.CallFailed.Meaning;
import dev.spillway.storage.gcs.CallFailed.Step;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a failure means, and how it is said. */
class GcsErrorsTest {

  private static final String SECRET = "PUT https://x/upload?upload_id=secret";

  private final GcsErrors errors = new GcsErrors("b");

  @ParameterizedTest
  @CsvSource({
    "400, BEGIN, DAMAGED", "400, SEND, DAMAGED", "400, END, DAMAGED",
    "401, BEGIN, REFUSED", "403, SEND, REFUSED", "404, BEGIN, REFUSED",
    "404, LOOK, REFUSED", "404, SEND, LOST", "404, END, LOST",
    "404, READ, ABSENT", "408, SEND, PASSING", "410, SEND, LOST",
    "412, BEGIN, TAKEN", "412, END, TAKEN", "418, SEND, REFUSED",
    "429, BEGIN, PASSING", "500, LOOK, PASSING", "503, READ, PASSING"
  })
  void anAnswerHasAMeaning(int status, Step step, Meaning meaning) {
    CallFailed failed = errors.of(step, new IOException(new StorageException(status, SECRET)));

    assertThat(failed.meaning()).isEqualTo(meaning);
    assertThat(failed.reason()).hasMessageNotContaining("secret").hasNoCause();
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void whatIsNoAnswerPasses(Step step) {
    CallFailed failed = errors.of(step, new NullPointerException(SECRET));

    assertThat(failed.meaning()).isEqualTo(Meaning.PASSING);
    assertThat(failed.reason()).hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @CsvSource({"SEND, LOST", "END, PASSING", "LOOK, PASSING"})
  void aSessionThatHasLessThanItHasSaidIsLost(Step step, Meaning meaning) {
    IOException thrown = new IOException(new StorageException(0, SECRET, "dataLoss", null));

    assertThat(errors.of(step, thrown).meaning()).isEqualTo(meaning);
  }

  @ParameterizedTest
  @CsvSource({"SEND, LOST", "END, LOST", "LOOK, PASSING"})
  void aPositionOutsideOfItsChunkIsOfNoUse(Step step, Meaning meaning) {
    StorageException thrown = new StorageException(0, SECRET, new IllegalArgumentException(SECRET));

    assertThat(errors.of(step, thrown).meaning()).isEqualTo(meaning);
  }

  @Test
  void theNetworkIsSaidInWords() {
    assertThat(sentence(new ConnectException(SECRET))).endsWith("no connection");
    assertThat(sentence(new UnknownHostException(SECRET))).endsWith("its address is not known");
    assertThat(sentence(new SocketTimeoutException(SECRET))).endsWith("it takes too long");
    assertThat(sentence(new SSLHandshakeException(SECRET))).endsWith("no encrypted connection");
    assertThat(sentence(new IOException(SECRET))).endsWith("the connection has broken");
  }

  private String sentence(IOException cause) {
    StorageException thrown = new StorageException(0, SECRET, cause);
    return String.valueOf(errors.of(Step.SEND, thrown).reason().getMessage());
  }

  @Test
  void aMachineWithoutAnAccountHasNoCredentials() {
    CallFailed failed =
        errors.ofCredentials(
            new IOException("x", new UnknownHostException("metadata.google.internal")));

    assertThat(failed.meaning()).isEqualTo(Meaning.REFUSED);
    assertThat(failed.reason()).hasMessageStartingWith("there are no credentials");
  }

  @ParameterizedTest
  @CsvSource({"400, REFUSED", "401, REFUSED", "404, REFUSED", "429, PASSING", "503, PASSING"})
  void theTokenServersAnswerHasAMeaning(int status, Meaning meaning) {
    HttpResponseException answer =
        new HttpResponseException.Builder(status, SECRET, new HttpHeaders()).build();

    CallFailed failed = errors.ofCredentials(new IOException(answer));

    assertThat(failed.meaning()).isEqualTo(meaning);
    assertThat(failed.reason()).hasMessageNotContaining("secret");
  }

  @Test
  void aMetadataServerThatIsLatePasses() {
    CallFailed failed = errors.ofCredentials(new IOException(new SocketTimeoutException()));

    assertThat(failed.meaning()).isEqualTo(Meaning.PASSING);
    assertThat(failed.reason()).hasMessage("no token can be got from Google: it takes too long");
  }
}
