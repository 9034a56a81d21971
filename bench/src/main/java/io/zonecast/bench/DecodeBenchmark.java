package io.zonecast.bench;

import com.sun.management.ThreadMXBean;
import io.zonecast.bench.measure.ContestBenchmark;
import io.zonecast.bench.measure.Contestant;
import io.zonecast.bench.measure.Measurement;
import io.zonecast.bench.measure.Report;
import io.zonecast.bench.measure.Result;
import io.zonecast.bench.stage.BenchTable;
import io.zonecast.bench.stage.EncodedRows;
import io.zonecast.schemas.ZoneRow;
import io.zonecast.schemas.serde.AvroDeserializer;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.schemas.wire.SchemaIds;
import io.zonecast.schemas.wire.WireFormat;
import io.zonecast.schemas.wire.ZoneRowDecoder;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.util.ClassSecurityValidator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Decodes records' values to rows on one thread, everything in memory. Our decoders also check each
 * field against its rule; Avro's readers know no rules.
 */
@Command(
    name = "decode",
    description = "From a record's value to its row, beside Avro's own reader, on one core.")
public final class DecodeBenchmark extends ContestBenchmark {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final String TOPIC = "zones";
  private static final int OTHER_ID = 5;

  /** The two optional fields that the other writer's schema has not: null is one byte each. */
  private static final int OPTIONAL_BYTES = 2;

  private static final double A_MILLION = 1e6;

  @Option(names = "--rows", paramLabel = "N", description = "Rows of the table (${DEFAULT-VALUE}).")
  private int rows = BenchTable.ROWS_OF_A_CARRIER;

  @Option(
      names = "--passes",
      paramLabel = "N",
      description = "How often a run reads the table (${DEFAULT-VALUE}).")
  private int passes = 4;

  @Override
  protected void run(Report report) throws Exception {
    List<byte[]> values = EncodedRows.of(new BenchTable(rows)).values();
    List<byte[]> othersValues = new ArrayList<>();
    long zones = 0;
    RowFields row = new RowFields();
    ZoneRowDecoder decoder = new ZoneRowDecoder(BundledSchemas.load());
    for (byte[] value : values) {
      othersValues.add(byOther(value));
      decoder.decode(ByteBuffer.wrap(value), row);
      zones += firstOf(row);
    }
    AtomicLong ourBytes = new AtomicLong();
    AtomicLong avrosBytes = new AtomicLong();
    List<Result> results =
        contest(
            report,
            decoding(
                "ours, the known layout by hand",
                values,
                zones,
                byOurs(BundledSchemas.load()),
                ourBytes),
            decoding(
                "ours, another writer's schema",
                othersValues,
                zones,
                byOurs(new OtherWriter()),
                new AtomicLong()),
            decoding("Avro's SpecificDatumReader", values, zones, bySpecificReader(), avrosBytes),
            decoding(
                "our AvroDeserializer, generic",
                values,
                zones,
                byDeserializer(),
                new AtomicLong()));
    double rate = results.get(0).median().rate();
    double records = (double) passes * values.size();
    report.atLeast("ours, million records a second", rate / A_MILLION, 1);
    report.atLeast(
        "ours beside SpecificDatumReader, rate", rate / results.get(2).median().rate(), 1);
    report.atMost(
        "ours, bytes allocated a record (Avro's: %.0f)".formatted(avrosBytes.get() / records),
        ourBytes.get() / records,
        1);
  }

  /** Reads one value to its end. */
  private interface ZoneReading {
    /** Returns the first character of the row's zone, so that the JVM cannot skip the decoding. */
    int firstOfZone(byte[] value) throws Exception;
  }

  /**
   * One way of reading values, over the whole table several times, on one thread.
   *
   * @param zones the sum of what {@code reading} gives for each of them
   * @param bytes gets the bytes that the last run allocated
   */
  private Contestant decoding(
      String name, List<byte[]> values, long zones, ZoneReading reading, AtomicLong bytes) {
    return new Contestant(
        name,
        () -> {},
        () -> {
          long allocated = THREADS.getCurrentThreadAllocatedBytes();
          long start = System.nanoTime();
          long sum = 0;
          for (int pass = 0; pass < passes; pass++) {
            for (int i = 0; i < values.size(); i++) {
              sum += reading.firstOfZone(values.get(i));
            }
          }
          Measurement measured = Measurement.since(start, (long) passes * values.size());
          bytes.set(THREADS.getCurrentThreadAllocatedBytes() - allocated);
          if (sum != zones * passes) {
            throw new IllegalStateException(name + " reads other zones than were written");
          }
          return measured;
        });
  }

  private static ZoneReading byOurs(SchemaIds schemas) {
    ZoneRowDecoder decoder = new ZoneRowDecoder(schemas);
    RowFields row = new RowFields();
    return value -> {
      decoder.decode(value, 0, value.length, row);
      return firstOf(row);
    };
  }

  /** Avro at its fastest: the decoder is reused, and there is nothing around it. */
  private static ZoneReading bySpecificReader() {
    // Avro creates only the classes that it was told to trust.
    ClassSecurityValidator.setGlobal(ClassSecurityValidator.builder().add(ZoneRow.class).build());
    SpecificDatumReader<ZoneRow> reader = new SpecificDatumReader<>(ZoneRow.class);
    return new ZoneReading() {
      private @Nullable BinaryDecoder decoder;

      @Override
      public int firstOfZone(byte[] value) throws Exception {
        decoder =
            DecoderFactory.get()
                .binaryDecoder(
                    value,
                    WireFormat.HEADER_LENGTH,
                    value.length - WireFormat.HEADER_LENGTH,
                    decoder);
        return reader.read(null, decoder).getZone().charAt(0);
      }
    };
  }

  private static ZoneReading byDeserializer() {
    AvroDeserializer deserializer = new AvroDeserializer();
    return value -> {
      IndexedRecord row = deserializer.deserialize(TOPIC, value);
      if (row == null) {
        throw new IllegalStateException("a value that is no row");
      }
      return row.get(row.getSchema().getField("zone").pos()).toString().charAt(0);
    };
  }

  private static int firstOf(RowFields row) {
    return row.zone().array()[row.zone().offset()];
  }

  private static byte[] byOther(byte[] value) {
    byte[] shorter = Arrays.copyOf(value, value.length - OPTIONAL_BYTES);
    WireFormat.writeHeader(OTHER_ID, shorter, 0);
    return shorter;
  }

  /** Another writer, whose schema lacks the optional fields, so that Avro has to resolve it. */
  private static final class OtherWriter implements SchemaIds {
    private static final Schema SCHEMA =
        SchemaBuilder.record("ZoneRow")
            .namespace("io.zonecast.schemas")
            .fields()
            .requiredString("carrier")
            .requiredString("origin")
            .requiredString("destination")
            .requiredString("zone")
            .endRecord();

    @Override
    public Schema schemaOf(int id) {
      return SCHEMA;
    }

    @Override
    public int idOf(String topic, Schema schema) {
      return OTHER_ID;
    }
  }
}
