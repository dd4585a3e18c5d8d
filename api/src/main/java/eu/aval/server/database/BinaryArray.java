// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.database;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.r2dbc.postgresql.client.EncodedParameter;
import io.r2dbc.postgresql.codec.Codec;
import io.r2dbc.postgresql.codec.CodecMetadata;
import io.r2dbc.postgresql.codec.PostgresTypeIdentifier;
import io.r2dbc.postgresql.codec.PostgresqlObjectId;
import io.r2dbc.postgresql.message.Format;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Writes arrays of one dimension in PostgreSQL's binary form; elements may be null. The driver writes arrays as literals:
 * slow to build and to parse, and wrong for octets, whose backslash the server takes for an escape. Reading stays with
 * the driver. The form is that of {@code array_recv} in PostgreSQL's {@code arrayfuncs.c}; times are microseconds since
 * 2000-01-01.
 *
 * @param <T> element
 */
final class BinaryArray<T> implements Codec<T[]>, CodecMetadata {

    private static final long EPOCH_SECONDS = 946_684_800;
    private static final int NULL = -1;

    private final ByteBufAllocator allocator;
    private final Class<T[]> type;
    private final PostgresqlObjectId array;
    private final PostgresqlObjectId element;
    private final BiConsumer<ByteBuf, T> writer;

    private BinaryArray(
            ByteBufAllocator allocator,
            Class<T[]> type,
            PostgresqlObjectId array,
            PostgresqlObjectId element,
            BiConsumer<ByteBuf, T> writer) {
        this.allocator = allocator;
        this.type = type;
        this.array = array;
        this.element = element;
        this.writer = writer;
    }

    /** One for each type of element that statements on many rows take. */
    static List<BinaryArray<?>> all(ByteBufAllocator allocator) {
        return List.of(
                new BinaryArray<>(
                        allocator,
                        byte[][].class,
                        PostgresqlObjectId.BYTEA_ARRAY,
                        PostgresqlObjectId.BYTEA,
                        (buffer, octets) -> buffer.writeInt(octets.length).writeBytes(octets)),
                new BinaryArray<>(
                        allocator,
                        UUID[].class,
                        PostgresqlObjectId.UUID_ARRAY,
                        PostgresqlObjectId.UUID,
                        (buffer, id) -> buffer.writeInt(2 * Long.BYTES)
                                .writeLong(id.getMostSignificantBits())
                                .writeLong(id.getLeastSignificantBits())),
                new BinaryArray<>(
                        allocator,
                        String[].class,
                        PostgresqlObjectId.TEXT_ARRAY,
                        PostgresqlObjectId.TEXT,
                        BinaryArray::writeText),
                new BinaryArray<>(
                        allocator,
                        Integer[].class,
                        PostgresqlObjectId.INT4_ARRAY,
                        PostgresqlObjectId.INT4,
                        (buffer, number) -> buffer.writeInt(Integer.BYTES).writeInt(number)),
                new BinaryArray<>(
                        allocator,
                        Short[].class,
                        PostgresqlObjectId.INT2_ARRAY,
                        PostgresqlObjectId.INT2,
                        (buffer, number) -> buffer.writeInt(Short.BYTES).writeShort(number)),
                new BinaryArray<>(
                        allocator,
                        Boolean[].class,
                        PostgresqlObjectId.BOOL_ARRAY,
                        PostgresqlObjectId.BOOL,
                        (buffer, truth) -> buffer.writeInt(1).writeBoolean(truth)),
                new BinaryArray<>(
                        allocator,
                        OffsetDateTime[].class,
                        PostgresqlObjectId.TIMESTAMPTZ_ARRAY,
                        PostgresqlObjectId.TIMESTAMPTZ,
                        BinaryArray::writeTime));
    }

    private static void writeText(ByteBuf buffer, String text) {
        int at = buffer.writerIndex();
        int length = ByteBufUtil.writeUtf8(buffer.writeInt(0), text);
        buffer.setInt(at, length);
    }

    private static void writeTime(ByteBuf buffer, OffsetDateTime time) {
        buffer.writeInt(Long.BYTES)
                .writeLong((time.toEpochSecond() - EPOCH_SECONDS) * 1_000_000 + time.getNano() / 1000);
    }

    /** The driver looks a codec up by this. */
    @Override
    public Class<?> type() {
        return type;
    }

    @Override
    public Iterable<? extends PostgresTypeIdentifier> getDataTypes() {
        return List.of();
    }

    @Override
    public Iterable<Format> getFormats() {
        return List.of(Format.FORMAT_BINARY);
    }

    @Override
    public boolean canEncode(Object value) {
        return type.isInstance(value);
    }

    @Override
    public EncodedParameter encode(Object value) {
        return encode(value, array.getObjectId());
    }

    @Override
    public EncodedParameter encode(Object value, int dataType) {
        T[] values = type.cast(value);
        return new EncodedParameter(Format.FORMAT_BINARY, dataType, Mono.fromSupplier(() -> write(values)));
    }

    private ByteBuf write(@Nullable T[] values) {
        ByteBuf buffer = allocator.buffer(32 + values.length * 24);
        try {
            buffer.writeInt(values.length == 0 ? 0 : 1).writeInt(1).writeInt(element.getObjectId());
            if (values.length > 0) {
                // the lower bound of the index is 1
                buffer.writeInt(values.length).writeInt(1);
            }
            for (T value : values) {
                if (value == null) {
                    buffer.writeInt(NULL);
                } else {
                    writer.accept(buffer, value);
                }
            }
            return buffer;
        } catch (RuntimeException e) {
            buffer.release();
            throw e;
        }
    }

    @Override
    public boolean canEncodeNull(Class<?> type) {
        return false;
    }

    @Override
    public EncodedParameter encodeNull() {
        throw new IllegalStateException("It claims no null");
    }

    @Override
    public boolean canDecode(int dataType, Format format, Class<?> type) {
        return false;
    }

    @Override
    public T @Nullable [] decode(@Nullable ByteBuf buffer, int dataType, Format format, Class<? extends T[]> type) {
        throw new IllegalStateException("It decodes nothing");
    }
}
