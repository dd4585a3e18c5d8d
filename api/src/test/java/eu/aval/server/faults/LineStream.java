// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.faults;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One request with lines without end, whose answers are read while it writes: what the JDK's client cannot. */
final class LineStream implements AutoCloseable {

    private static final Pattern ANSWER =
            Pattern.compile("\"index\":([0-9]+),\"message\":\\{\"id\":\"([0-9a-f-]{36})\"");

    private final Socket socket;
    private final OutputStream out;
    private final Map<Integer, UUID> answers = new ConcurrentHashMap<>();
    private final Thread reader;
    private volatile String status = "";
    private volatile String other = "";

    LineStream(URI server, String key) throws IOException {
        socket = new Socket(server.getHost(), server.getPort());
        out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
        out.write(("POST /v1/messages/batch HTTP/1.1\r\nHost: " + server.getAuthority() + "\r\nAuthorization: Bearer "
                        + key + "\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        reader = Thread.ofPlatform().start(this::read);
    }

    /** Writes lines from {@code first} on; an exception when the server went away. */
    void write(int first, int count, IntFunction<String> line) throws IOException {
        for (int i = first; i < first + count; i++) {
            byte[] octets = (line.apply(i) + "\n").getBytes(StandardCharsets.UTF_8);
            out.write((Integer.toHexString(octets.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(octets);
            out.write('\r');
            out.write('\n');
        }
        out.flush();
    }

    /** Ends the request and waits for the end of the answer. */
    void finish() throws IOException, InterruptedException {
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
        reader.join();
    }

    String status() {
        return status;
    }

    /** Ids of accepted messages by their line. */
    Map<Integer, UUID> answers() {
        return Map.copyOf(answers);
    }

    /** The last line that was no acceptance; empty when each was. */
    String other() {
        return other;
    }

    private void read() {
        try {
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 1 << 16);
            status = String.valueOf(lines.readLine());
            // An answer may be cut by the size of a chunk, which stands on a line of its own: one goes on at the other
            // side
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher answer = ANSWER.matcher(line);
                if (answer.find()) {
                    answers.put(Integer.valueOf(answer.group(1)), UUID.fromString(answer.group(2)));
                } else if (line.contains("problem")) {
                    other = line;
                } else if (line.equals("0")) {
                    return;
                }
            }
        } catch (IOException e) {
            // It was closed under us
        }
    }

    /** Goes away in the middle, as a client that died. */
    void abandon() throws IOException, InterruptedException {
        socket.setSoLinger(true, 0);
        socket.close();
        reader.join();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
