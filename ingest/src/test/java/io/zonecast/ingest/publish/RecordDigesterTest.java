package io.zonecast.ingest.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.schemas.ZoneRow;
import io.zonecast.schemas.serde.ZoneRowSerializer;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.ZoneRowDecoder;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RecordDigesterTest {
  private static final ZoneRow ROW = new ZoneRow("usps", "005", "010", "2", null, null);

  private final TextNumbers values = new TextNumbers("names");
  private final RecordDigester digester =
      new RecordDigester(
          new KeyDigest(new SecureRandom()),
          new TextNumbers("names"),
          new CarrierCodes().names(),
          values,
          new ZoneRowDecoder(BundledSchemas.load()),
          1);

  @Test
  void aRowUnderItsOwnKeyHasItsValue() {
    assertThat(valueOf("usps:005:010")).isNotEqualTo(DigestBlock.UNREADABLE_VALUE);
  }

  @Test
  void aRowUnderAnotherRowsKeyIsEqualToNoRowOfAFile() {
    assertThat(valueOf("usps:010:005")).isEqualTo(DigestBlock.UNREADABLE_VALUE);
    assertThat(valueOf("ups:005:010")).isEqualTo(DigestBlock.UNREADABLE_VALUE);
  }

  private int valueOf(String key) {
    var block = new DigestBlock(1);
    try (var serializer = new ZoneRowSerializer()) {
      serializer.configure(Map.of(), false);
      byte[] value = Objects.requireNonNull(serializer.serialize("zones", ROW));
      digester.digest(0, ByteBuffer.wrap(key.getBytes(UTF_8)), ByteBuffer.wrap(value), block);
    }
    return block.value(0);
  }
}
