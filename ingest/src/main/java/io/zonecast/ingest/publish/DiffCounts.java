package io.zonecast.ingest.publish;

/**
 * What becomes of the rows of a file: rows = added + changed + unchanged + repeated + rejected. In
 * a file of changes ({@code --delta}), where a row can be a delete, removed rows are among the rows
 * too.
 *
 * @param rows the rows of the file, of whatever kind
 * @param added rows of pairs that the topic does not have
 * @param changed rows whose zone or flags differ from the topic's
 * @param removed pairs that the topic has and will not have, each a tombstone
 * @param unchanged rows that the topic has already
 * @param repeated further rows of a pair: those that say what an earlier one said, and those that a
 *     later one contradicts
 * @param rejected rows that are bad
 */
public record DiffCounts(
    long rows,
    long added,
    long changed,
    long removed,
    long unchanged,
    long repeated,
    long rejected) {

  /** How many records a publish sends. */
  public long records() {
    return added + changed + removed;
  }

  /** How many more rows the topic has afterwards. */
  long growth() {
    return added - removed;
  }
}
