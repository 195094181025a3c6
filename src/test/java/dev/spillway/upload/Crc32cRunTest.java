package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class Crc32cRunTest {

  @Property
  void piecesHaveTheChecksumOfTheWhole(@ForAll List<byte[]> pieces) {
    Crc32cRun run = new Crc32cRun();
    ByteBuffer whole = ByteBuffer.allocate(pieces.stream().mapToInt(piece -> piece.length).sum());
    for (byte[] piece : pieces) {
      run.update(ByteBuffer.wrap(piece));
      whole.put(piece);
    }

    assertThat(run.value()).isEqualTo(Crc32c.of(whole.flip()));
  }

  @Property
  void onlyWhatLiesBetweenPositionAndLimitCounts(@ForAll byte[] bytes) {
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 2);
    direct.put(1, bytes).position(1).limit(bytes.length + 1);
    Crc32cRun run = new Crc32cRun();
    run.update(direct);

    assertThat(run.value()).isEqualTo(Crc32c.of(ByteBuffer.wrap(bytes)));
    assertThat(direct.position()).isEqualTo(1);
  }

  @Example
  void valueIsEmptyBeforeTheFirstByte() {
    assertThat(new Crc32cRun().value()).isEqualTo(Crc32c.EMPTY);
  }
}
