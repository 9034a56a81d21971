package io.zonecast.sink.checkpoint;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names the record at which a partition waits, because it cannot be read or put aside yet. The sink
 * leaves the note on the node, as a {@link FillProgress}, so that {@code zonecast lag} can show the
 * reason. As text: {@code offset=7 reason=schema+id+12+is+unknown}.
 */
public record WaitNote(long offset, String reason) {
  /** A reason may quote a record, and a record may be anything. */
  private static final int LONGEST = 500;

  private static final Pattern FORM = Pattern.compile("offset=([0-9]{1,18}) reason=(\\S*)");

  /** The entry's value. */
  public byte[] encode() {
    String told = reason.length() <= LONGEST ? reason : reason.substring(0, LONGEST) + "…";
    return ("offset=" + offset + " reason=" + URLEncoder.encode(told, StandardCharsets.UTF_8))
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Reads an entry's value; empty if it is not a note. */
  public static Optional<WaitNote> decode(byte[] value) {
    Matcher said = FORM.matcher(new String(value, StandardCharsets.US_ASCII));
    if (!said.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new WaitNote(
              Long.parseLong(said.group(1)),
              URLDecoder.decode(said.group(2), StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException e) {
      // A lone percent sign: we did not write it.
      return Optional.empty();
    }
  }

  /** The sentence that every view shows. */
  public String of(int partition) {
    return "partition " + partition + " waits at " + this;
  }

  @Override
  public String toString() {
    return "offset " + offset + ": " + reason;
  }
}
