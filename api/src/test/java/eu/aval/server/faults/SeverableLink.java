// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a server and its database, and lets nothing through while it is severed. */
final class SeverableLink implements AutoCloseable {

    private final ServerSocket listener;
    private final String host;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean severed;

    SeverableLink(String host, int port) throws IOException {
        this.host = host;
        this.port = port;
        this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::listen);
    }

    /** The same address as {@code url}, through here. */
    String through(String url) {
        return url.replaceFirst("@[^/]+/", "@127.0.0.1:" + listener.getLocalPort() + "/");
    }

    /** Ends what is open; who comes is sent away. */
    void sever() {
        severed = true;
        open.forEach(SeverableLink::end);
    }

    void mend() {
        severed = false;
    }

    private void listen() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (severed) {
                    end(client);
                    continue;
                }
                Socket database = new Socket(host, port);
                open.add(client);
                open.add(database);
                Thread.ofVirtual().start(() -> copy(client, database));
                Thread.ofVirtual().start(() -> copy(database, client));
                if (severed) {
                    sever();
                }
            } catch (IOException e) {
                // closed, or the database did not answer: the next one may
            }
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            // severed, or one of them left
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // ended
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        sever();
    }
}
