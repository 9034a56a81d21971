package io.zonecast.ingest.publish;

import io.zonecast.schemas.ZoneKey;
import io.zonecast.schemas.ZoneText;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The zones that carriers may have, as a team's rules say: {@code usps=1-9,A;ups.ground=002-008}. A
 * range is of digits, its ends equally long, and stands for numbers of that length.
 *
 * @param text the zones of each carrier, as given; of other carriers any zone is allowed
 */
public record AllowedZones(Map<String, List<String>> text) {
  /** Any zone of any carrier. */
  public static final AllowedZones ANY = new AllowedZones(Map.of());

  private static final Pattern RANGE = Pattern.compile("(\\d{1,9})-(\\d{1,9})");

  public AllowedZones {
    text = Map.copyOf(text);
  }

  /**
   * Reads rules.
   *
   * @throws IllegalArgumentException if they are none; the message names the part
   */
  public static AllowedZones parse(String rules) {
    Map<String, List<String>> zones = new LinkedHashMap<>();
    for (String rule : rules.split(";", -1)) {
      int equals = rule.indexOf('=');
      List<String> its = List.of(rule.substring(equals + 1).strip().split("\\s*,\\s*", -1));
      String carrier = rule.substring(0, Math.max(0, equals)).strip();
      byte[] utf8 = carrier.getBytes(StandardCharsets.UTF_8);
      if (!ZoneKey.isCarrier(utf8, 0, utf8.length)
          || its.stream().anyMatch(AllowedZones::isUnreadable)) {
        throw new IllegalArgumentException(
            ("--zones \"%s\": write it as usps=1-9,A;ups.ground=002-008; carriers are in lower case,"
                    + " and both ends of a range have as many digits")
                .formatted(rule.strip()));
      }
      zones.merge(
          carrier, its, (some, more) -> Stream.concat(some.stream(), more.stream()).toList());
    }
    return new AllowedZones(zones);
  }

  private static boolean isUnreadable(String zone) {
    Matcher range = RANGE.matcher(zone);
    return !ZoneText.isValid(zone)
        || (range.matches()
            && (range.group(1).length() != range.group(2).length()
                || range.group(1).compareTo(range.group(2)) > 0));
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  boolean permit(String carrier, String zone) {
    List<String> its = text.get(carrier);
    return its == null || its.stream().anyMatch(each -> isIn(each, zone));
  }

  private static boolean isIn(String allowed, String zone) {
    Matcher range = RANGE.matcher(allowed);
    return range.matches()
        ? zone.length() == range.group(1).length()
            && zone.chars().allMatch(c -> c >= '0' && c <= '9')
            && zone.compareTo(range.group(1)) >= 0
            && zone.compareTo(range.group(2)) <= 0
        : allowed.equals(zone);
  }

  /** Why a zone is not permitted, continuing its text. */
  String reason(String carrier) {
    return "is no zone of carrier %s, which has %s; correct it, or add it to --zones"
        .formatted(carrier, String.join(",", text.getOrDefault(carrier, List.of())));
  }
}
