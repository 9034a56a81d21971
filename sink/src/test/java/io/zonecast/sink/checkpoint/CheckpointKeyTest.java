package io.zonecast.sink.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.schemas.ZoneKey;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotBlank;
import net.jqwik.api.constraints.StringLength;

class CheckpointKeyTest {

  @Property
  void memcachedTakesTheKeyWhateverGroupAndTopicAreCalled(
      @ForAll @StringLength(min = 1, max = 255) String group,
      @ForAll @StringLength(min = 1, max = 249) @NotBlank String topic,
      @ForAll @IntRange(min = 0) int partition) {
    byte[] key = CheckpointKey.of(group, topic, partition).getBytes(StandardCharsets.UTF_8);

    assertThat(key.length).isLessThanOrEqualTo(250);
    assertThat(new String(key, StandardCharsets.UTF_8)).matches("[!-~]+");
  }

  @Property
  void noPrefixAndZoneKeyEverEqualsIt(
      @ForAll @StringLength(min = 1, max = 255) String group,
      @ForAll @StringLength(min = 1, max = 249) @NotBlank String topic,
      @ForAll @IntRange(min = 0) int partition) {
    byte[] key = CheckpointKey.of(group, topic, partition).getBytes(StandardCharsets.UTF_8);

    for (int prefix = 0; prefix < key.length; prefix++) {
      assertThat(ZoneKey.isValid(key, prefix, key.length - prefix)).isFalse();
    }
  }

  @Example
  void groupsAndTopicsDoNotRunIntoEachOther() {
    assertThat(CheckpointKey.of("a/b", "c", 0)).isNotEqualTo(CheckpointKey.of("a", "b/c", 0));
    assertThat(CheckpointKey.of("a", "b", 11)).isNotEqualTo(CheckpointKey.of("a", "b/1", 1));
  }

  @Example
  void longNamesStayApart() {
    String longName = "n".repeat(240);

    assertThat(CheckpointKey.of("g", longName + "1", 0))
        .isNotEqualTo(CheckpointKey.of("g", longName + "2", 0));
  }
}
