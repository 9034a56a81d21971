package io.zonecast.sink.checkpoint;

import io.zonecast.sink.owner.NodeOwners;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/**
 * Whatever stands under our keys on a node, or in the group's commits: it is understood or taken
 * for nothing, and what was understood is understood again when it is written.
 */
public final class NotesFuzz {
  private NotesFuzz() {}

  public static void fuzzerTestOneInput(byte[] value) {
    require(value, Checkpoint::decode, Checkpoint::encode);
    require(value, NodeOwners::decode, NodeOwners::encode);
    require(value, WaitNote::decode, WaitNote::encode);
    require(value, FillProgress::decode, FillProgress::encode);
    require(value, DownNote::decode, DownNote::encode);
    String text = new String(value, StandardCharsets.UTF_8);
    String written = KnownWriters.decode(text).encode();
    if (!KnownWriters.decode(written).encode().equals(written)) {
      throw new AssertionError(written);
    }
  }

  private static <T> void require(
      byte[] value, Function<byte[], Optional<T>> decode, Function<T, byte[]> encode) {
    Optional<T> first = decode.apply(value);
    if (first.isPresent()) {
      byte[] written = encode.apply(first.get());
      Optional<T> again = decode.apply(written);
      if (!first.equals(again)) {
        throw new AssertionError(
            "%s is written as %s, which is %s"
                .formatted(first, new String(written, StandardCharsets.UTF_8), again));
      }
    }
  }
}
