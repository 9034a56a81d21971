package io.zonecast.bench.decode;

import com.sun.management.ThreadMXBean;
import io.zonecast.bench.measure.Contestant;
import io.zonecast.bench.measure.Measurement;
import java.lang.management.ManagementFactory;
import java.util.List;

/** One way of reading values, over the whole table several times, on one thread. */
final class Decoding extends Contestant {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final List<byte[]> values;
  private final int passes;
  private final long expected;
  private final ZoneReading reading;
  private double bytesPerRecord;

  /** Reads one value to its end. */
  @FunctionalInterface
  interface ZoneReading {
    /** Returns the first character of the row's zone: something that cannot be left out. */
    int firstOfZone(byte[] value) throws Exception;
  }

  /**
   * Makes a contestant.
   *
   * @param values in the wire format
   * @param passes how often a run reads them all
   * @param expected the sum of what {@code reading} gives for each of them
   */
  Decoding(String name, List<byte[]> values, int passes, long expected, ZoneReading reading) {
    super(name);
    this.values = values;
    this.passes = passes;
    this.expected = expected;
    this.reading = reading;
  }

  @Override
  public Measurement run() throws Exception {
    long records = (long) passes * values.size();
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    long start = System.nanoTime();
    long sum = 0;
    for (int pass = 0; pass < passes; pass++) {
      for (int i = 0; i < values.size(); i++) {
        sum += reading.firstOfZone(values.get(i));
      }
    }
    Measurement measured = Measurement.since(start, records);
    bytesPerRecord = (double) (THREADS.getCurrentThreadAllocatedBytes() - allocated) / records;
    if (sum != expected * passes) {
      throw new IllegalStateException(name() + " reads other zones than were written");
    }
    return measured;
  }

  /** What the last run allocated. */
  double bytesPerRecord() {
    return bytesPerRecord;
  }
}
