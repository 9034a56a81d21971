package io.zonecast.ingest.publish;

import io.zonecast.ingest.source.RowChunk;
import io.zonecast.ingest.source.RowChunk.Kind;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.schemas.wire.ZoneRowEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Words every change for a listing, keeps the first few, and adds up what they would send. */
final class ChangeSample {
  private final ChangeListing listing;
  private final TextNumbers contents;
  private final List<Change> first = new ArrayList<>();
  private final RowFields fields = new RowFields();
  private long bytes;

  /**
   * @param contents what the numbers of replaced rows stand for
   */
  ChangeSample(ChangeListing listing, TextNumbers contents) {
    this.listing = listing;
    this.contents = contents;
  }

  /**
   * Takes a row of the file.
   *
   * @param before what it replaces, as {@link TopicDigest#before}
   */
  void row(RowChunk chunk, int row, int before) throws IOException {
    bytes += chunk.keyLength(row);
    Optional<Change.Value> after = Optional.empty();
    if (chunk.kind(row) == Kind.UPSERT) {
      RecordWriter.pointAt(fields, chunk, row);
      bytes += ZoneRowEncoder.encodedLength(fields);
      after = Optional.of(new Change.Value(chunk.zoneText(row), chunk.flagsText(row)));
    }
    add(new Change(chunk.keyText(row), Change.Value.of(before, contents), after));
  }

  void removed(byte[] key, int before) throws IOException {
    bytes += key.length;
    add(
        new Change(
            new String(key, StandardCharsets.US_ASCII),
            Change.Value.of(before, contents),
            Optional.empty()));
  }

  List<Change> first() {
    return first;
  }

  /** The keys and values of all changes, in bytes before compression. */
  long bytes() {
    return bytes;
  }

  private void add(Change change) throws IOException {
    if (first.size() < Plan.SAMPLE) {
      first.add(change);
    }
    listing.add(change);
  }
}
