package io.zonecast.ingest.source;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A footnote of a UPS chart, which gives five-digit destinations zones of their own: {@code For
 * destinations in 967: 96701, 96706: zone 44 for Ground, 224 for 2nd Day Air}. It is understood
 * only if each of its words is known: one that is not may change what the others mean.
 *
 * @param codes the destinations, each a code or a range of them; also if it is not understood
 * @param zones by service ({@link UpsChart#service}); empty if it is not understood
 */
record ChartFootnote(long line, String text, Set<String> codes, Map<String, String> zones) {
  private static final String CODES = "(?<!\\d)\\d{5}(?: ?-{1,3} ?\\d{5})?(?!\\d)";
  private static final Pattern CODE = Pattern.compile(CODES);
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<code>"
              + CODES
              + ")|(?<zone>\\d{1,3})\\s+for\\s+"
              + "(?<service>[^,;:]{1,64}?)(?=\\s*(?:[,;:]|\\sand\\s+\\d|$))"
              + "|\\d{3}(?!\\d)"
              + "|(?:for|destinations?|in|the|following|zip|codes?|zones?|use|and|are|is|to)\\b"
              + "|[\\s,;:.]+",
          Pattern.CASE_INSENSITIVE);

  /** Reads the text of a footnote in a chart of some services. */
  static ChartFootnote of(long line, String text, Set<String> services) {
    Set<String> codes = new LinkedHashSet<>();
    for (Matcher code = CODE.matcher(text); code.find(); ) {
      codes.add(code.group().replace(" ", ""));
    }
    Map<String, String> zones = new HashMap<>();
    boolean understood = !codes.isEmpty() && codes.size() <= CodeRange.MOST_CODES;
    Matcher token = TOKEN.matcher(text);
    for (int at = 0; understood && at < text.length(); at = token.end()) {
      understood = token.region(at, text.length()).lookingAt();
      if (!understood) {
        break;
      }
      if (token.group("zone") != null) {
        String service = UpsChart.service(token.group("service"));
        understood = services.contains(service) && zones.put(service, token.group("zone")) == null;
      } else {
        // Codes behind zones would have other zones than those before them.
        understood = token.group("code") == null || zones.isEmpty();
      }
    }
    return new ChartFootnote(line, text, codes, understood ? zones : Map.of());
  }
}
