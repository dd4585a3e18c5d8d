// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** HTTP as octets: what no client would send, or not take. */
final class Wire {

    private Wire() {}

    static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        // small, so that little is enough to fill it
        socket.setReceiveBufferSize(64 * 1024);
        socket.connect(new InetSocketAddress("localhost", port));
        socket.setSoTimeout((int) Duration.ofSeconds(60).toMillis());
        return socket;
    }

    static String chunk(String content) {
        return Integer.toHexString(content.length()) + "\r\n" + content + "\r\n";
    }

    static void write(Socket socket, String text) {
        write(socket, text.getBytes(UTF_8));
    }

    static void write(Socket socket, byte[] octets) {
        try {
            socket.getOutputStream().write(octets);
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }

    static String until(Socket socket, String end) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder read = new StringBuilder();
        while (read.indexOf(end) < 0) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("It ended after " + read);
            }
            read.append((char) octet);
        }
        return read.toString();
    }
}
