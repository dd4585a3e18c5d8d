// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.springframework.core.io.buffer.DataBufferLimitException;

/** Cuts a stream of chunks into lines, keeping no more than one unfinished line. For one stream, not thread-safe. */
final class LineSplitter {

    private final int limit;
    private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();

    LineSplitter(int limit) {
        this.limit = limit;
    }

    /**
     * The lines that end in this chunk.
     *
     * @throws DataBufferLimitException when a line is longer than the limit
     */
    List<byte[]> add(byte[] chunk) {
        List<byte[]> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < chunk.length; i++) {
            if (chunk[i] == '\n') {
                keep(chunk, start, i - start);
                lines.addAll(rest());
                start = i + 1;
            }
        }
        keep(chunk, start, chunk.length - start);
        return lines;
    }

    /** The last line, when the stream does not end with a line feed. */
    List<byte[]> rest() {
        byte[] line = unfinished.toByteArray();
        unfinished.reset();
        return isBlank(line) ? List.of() : List.of(line);
    }

    private void keep(byte[] chunk, int start, int length) {
        if (unfinished.size() + length > limit) {
            throw new DataBufferLimitException("A line is longer than " + limit + " bytes");
        }
        unfinished.write(chunk, start, length);
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\r' && b != '\t') {
                return false;
            }
        }
        return true;
    }
}
