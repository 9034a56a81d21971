package io.zonecast.sink.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryBatchTest {

  @Test
  void whatIsToBeForgottenNamesItsTime() {
    EntryBatch batch = new EntryBatch("", 0);

    batch.setFor(bytes("note"), bytes("x=1"), 5);

    assertThat(quiet(batch)).isEqualTo("ms note 3 T5 q\r\nx=1\r\nmn\r\n");
    assertThatThrownBy(() -> batch.setFor(new byte[] {'k'}, new byte[0], 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 s");
  }

  @Test
  void entriesBecomeQuietCommandsInOrderEndedByANoOp() {
    EntryBatch batch = new EntryBatch("zone:", 0);
    batch.set(bytes("usps:005:010"), bytes("2"));
    batch.delete(bytes("usps:005:006"));
    batch.deleteIfUnchanged(bytes("k"), 0, 1, -1L);

    assertThat(quiet(batch))
        .isEqualTo(
            """
            ms zone:usps:005:010 1 q\r
            2\r
            md zone:usps:005:006 q\r
            md zone:k C18446744073709551615 q\r
            mn\r
            """);
    assertThat(batch.bytes()).isEqualTo(quiet(batch).length());
  }

  @Test
  void theLoudFormIsTheSameWithoutTheMarkThatMakesItQuiet() {
    EntryBatch batch = new EntryBatch("q", 16);
    batch.set(bytes("q"), bytes("a q\r\nb q"));
    batch.delete(bytes("q"));

    assertThat(new String(batch.loud(), UTF_8))
        .isEqualTo("ms qq 8 F16\r\na q\r\nb q\r\nmd qq\r\nmn\r\n");
  }

  @Property
  void everyEntryKeepsItsKeyAndKind(
      @ForAll @NotEmpty List<@AlphaChars @StringLength(min = 1, max = 40) String> keys,
      @ForAll @Size(max = 300) byte[] value) {
    EntryBatch batch = new EntryBatch("zone:", 0);
    for (int i = 0; i < keys.size(); i++) {
      if (i % 3 == 0) {
        batch.delete(bytes(keys.get(i)));
      } else {
        batch.set(bytes(keys.get(i)), value);
      }
    }

    assertThat(batch.count()).isEqualTo(keys.size());
    for (int i = 0; i < keys.size(); i++) {
      assertThat(batch.key(i)).isEqualTo("zone:" + keys.get(i));
      assertThat(batch.isDelete(i)).isEqualTo(i % 3 == 0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a\r\nflush_all", "a\n", "a\tb", "\u0000", "\u007f"})
  void aKeyThatCouldSpeakTheProtocolIsReportedAndNotWritten(String key) {
    EntryBatch batch = new EntryBatch("zone:", 0);

    assertThat(batch.set(bytes(key), bytes("1"))).isEqualTo(KeyCheck.FORBIDDEN_BYTE);
    assertThat(batch.delete(bytes(key))).isEqualTo(KeyCheck.FORBIDDEN_BYTE);
    assertThat(quiet(batch)).isEqualTo("mn\r\n");
  }

  @Test
  void aKeyMayHave250BytesWithItsPrefix() {
    EntryBatch batch = new EntryBatch("zone:", 0);

    assertThat(batch.delete(bytes("é" + "k".repeat(243)))).isEqualTo(KeyCheck.FITS);
    assertThat(batch.delete(bytes("é" + "k".repeat(244)))).isEqualTo(KeyCheck.TOO_LONG);
    assertThat(new EntryBatch("", 0).delete(new byte[0])).isEqualTo(KeyCheck.EMPTY);
    assertThat(batch.count()).isEqualTo(1);
  }

  @Test
  void prefixesAndFlagsThatCannotBeAreRefused() {
    assertThatThrownBy(() -> new EntryBatch("a b", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("key prefix");
    assertThatThrownBy(() -> new EntryBatch("", 1L << 32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("client flags");
  }

  @Test
  void aClearedBatchIsEmptyAndUsableAgain() {
    EntryBatch batch = new EntryBatch("", 0);
    batch.set(bytes("a"), bytes("1"));
    batch.clear();
    batch.delete(bytes("b"));

    assertThat(quiet(batch)).isEqualTo("md b q\r\nmn\r\n");
  }

  private static String quiet(EntryBatch batch) {
    return new String(batch.quiet(), 0, batch.bytes(), UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
