package dev.spillway.operate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordingTest {

  @Test
  void aCutDoesNotGoThroughACharacter() {
    String faces = "\ud83d\ude00".repeat(3);
    assertThat(Wording.foreign(faces, 3)).isEqualTo("\ud83d\ude00…");
    assertThat(Wording.foreign(faces, 4)).isEqualTo("\ud83d\ude00\ud83d\ude00…");
    assertThat(Wording.foreign(faces, 6)).isEqualTo(faces);
  }
}
