package io.zonecast.ingest.publish;

import io.zonecast.ingest.source.CodeRange;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The origins and destinations, in short codes, of each carrier: which of them rows of the topic
 * have, and which the file brings. What a file may bring depends on it: another spelling of a code
 * that is known is a mistake, as are digits of another length than the carrier's usual one.
 *
 * <p>Only {@link #names} is thread-safe.
 */
final class CarrierCodes {
  /** So many of a carrier's codes of digits have to have a length for it to be the usual one. */
  private static final int USUAL_PERCENT = 95;

  /** Beyond, codes are not told apart any more, and are as good as known. */
  private static final int MOST = 1_000_000;

  private static final int ZIP_DIGITS = 5;
  private static final int PREFIX_DIGITS = 3;

  private final TextNumbers names = TextNumbers.open("codes", MOST);
  private int[] live = new int[1024];
  private final BitSet brought = new BitSet();
  private final BitSet misspelt = new BitSet();
  private final Map<Integer, Lengths> inTopic = new HashMap<>();
  private final Map<Integer, Lengths> inFile = new HashMap<>();
  private @Nullable Map<String, String> spellings;

  /** How many codes of a carrier are digits of each length, and how many are no digits. */
  private static final class Lengths {
    private final int[] digits = new int[CodeRange.MOST_DIGITS + 1];
    private int others;

    void add(String code, int by) {
      int length = digitsOf(code);
      if (length == 0) {
        others += by;
      } else {
        digits[length] += by;
      }
    }

    /** The usual length; 0 if there is none. */
    int usual() {
      int all = Arrays.stream(digits).sum();
      for (int length = 1; length < digits.length; length++) {
        if (digits[length] * 100L >= (long) USUAL_PERCENT * all && all > 0) {
          return length;
        }
      }
      return 0;
    }
  }

  /** A number for each code of each carrier, whose text is the carrier and the code. */
  TextNumbers names() {
    return names;
  }

  /** The topic has a row more under these codes, or fewer. */
  void live(int carrier, int origin, int destination, int rows) {
    live(carrier, origin, rows);
    live(carrier, destination, rows);
  }

  private void live(int carrier, int code, int rows) {
    if (code < 0) {
      return;
    }
    if (code >= live.length) {
      live = Arrays.copyOf(live, Math.max(2 * live.length, code + 1));
    }
    int before = live[code];
    live[code] += rows;
    if ((before == 0) != (live[code] == 0)) {
      lengths(inTopic, carrier).add(names.second(code), before == 0 ? 1 : -1);
    }
  }

  /** Whether a row of the topic has the code, or there are more codes than are told apart. */
  boolean isLive(int code) {
    return code < 0 || (code < live.length && live[code] > 0);
  }

  /** Whether the topic has codes of the carrier that look like ranges, and so are names. */
  boolean hasRangeNames(String carrier) {
    for (int code = 0; code < live.length; code++) {
      if (live[code] > 0
          && CodeRange.isOne(names.second(code))
          && names.first(code).equals(carrier)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The file has the code.
   *
   * @return the other spelling, in the topic or earlier in the file, of a code that differs from it
   *     only in upper and lower case; null if there is none
   */
  @Nullable String bring(int carrier, int code) {
    if (isLive(code) || (brought.get(code) && !misspelt.get(code))) {
      return null;
    }
    String text = names.second(code);
    if (!brought.get(code)) {
      brought.set(code);
      lengths(inFile, carrier).add(text, 1);
    }
    if (text.chars().noneMatch(Character::isLetter)) {
      return null;
    }
    String known =
        spellings().putIfAbsent(names.first(code) + ':' + text.toLowerCase(Locale.ROOT), text);
    boolean same = known == null || known.equals(text);
    misspelt.set(code, !same);
    return same ? null : known;
  }

  /** The spelling of each code with letters in the topic, by its carrier and lower case. */
  private Map<String, String> spellings() {
    Map<String, String> known = spellings;
    if (known == null) {
      known = new HashMap<>();
      for (int code = 0; code < live.length; code++) {
        if (live[code] > 0) {
          String text = names.second(code);
          known.put(names.first(code) + ':' + text.toLowerCase(Locale.ROOT), text);
        }
      }
      spellings = known;
    }
    return known;
  }

  /** How a code that the file brings differs from the carrier's. */
  enum Form {
    USUAL,
    /** Digits, and fewer than usual. */
    SHORT,
    /** Other digits, or letters beside digits: worth a line. */
    OTHER
  }

  /** The form of a code, once the whole file is known. */
  Form form(int carrier, int code) {
    int usual = usual(carrier);
    if (usual == 0 || isLive(code)) {
      return Form.USUAL;
    }
    int digits = digitsOf(names.second(code));
    if (digits > 0 && digits < usual) {
      return Form.SHORT;
    }
    boolean exception = usual == PREFIX_DIGITS && digits == ZIP_DIGITS;
    return digits == usual || exception ? Form.USUAL : Form.OTHER;
  }

  /**
   * How many digits the carrier's codes usually have, in the topic or, if it has none there, in the
   * file; 0 if no length is usual.
   */
  int usual(int carrier) {
    Lengths topic = lengths(inTopic, carrier);
    boolean known = topic.others > 0 || Arrays.stream(topic.digits).anyMatch(count -> count > 0);
    return (known ? topic : lengths(inFile, carrier)).usual();
  }

  /** How many digits a code consists of; 0 if of anything else. */
  int digits(int code) {
    return digitsOf(names.second(code));
  }

  /** How many digits a code consists of; 0 if of anything else. */
  private static int digitsOf(String code) {
    boolean digits =
        code.length() <= CodeRange.MOST_DIGITS && code.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits ? code.length() : 0;
  }

  private static Lengths lengths(Map<Integer, Lengths> of, int carrier) {
    return of.computeIfAbsent(carrier, its -> new Lengths());
  }
}
