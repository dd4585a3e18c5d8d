// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Stands between a server and its database, and can take it away in the two ways in which it goes. */
final class TcpProxy implements AutoCloseable {

    private enum State {
        OPEN,
        SILENT,
        REFUSING
    }

    private final InetSocketAddress target;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile State state = State.OPEN;
    private ServerSocket listener;

    TcpProxy(String host, int targetPort) throws IOException {
        this.target = new InetSocketAddress(host, targetPort);
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.port = listener.getLocalPort();
        accept(listener);
    }

    int port() {
        return port;
    }

    /** As when a cable is cut: nothing is closed, and nothing comes through any more. */
    void fallSilent() {
        state = State.SILENT;
    }

    /** As when the process is gone: connections break, and new ones are refused. */
    void refuse() throws IOException {
        state = State.REFUSING;
        listener.close();
        cut();
    }

    void open() throws IOException {
        if (listener.isClosed()) {
            listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
            accept(listener);
        } else {
            // What was begun in the silence has lost octets
            cut();
        }
        state = State.OPEN;
    }

    private void accept(ServerSocket from) {
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket client = from.accept();
                    sockets.add(client);
                    Thread.ofVirtual().start(() -> connect(client));
                }
            } catch (IOException e) {
                // closed
            }
        });
    }

    private void connect(Socket client) {
        try (client;
                Socket server = new Socket()) {
            while (state == State.SILENT) {
                LockSupport.parkNanos(10_000_000);
            }
            server.connect(target);
            sockets.add(server);
            Thread back = Thread.ofVirtual().start(() -> pump(server, client));
            pump(client, server);
            back.join();
        } catch (IOException | InterruptedException e) {
            // gone
        } finally {
            sockets.remove(client);
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[16 * 1024];
        try (from;
                to) {
            for (int read = from.getInputStream().read(buffer);
                    read >= 0;
                    read = from.getInputStream().read(buffer)) {
                if (state == State.OPEN) {
                    to.getOutputStream().write(buffer, 0, read);
                }
            }
        } catch (IOException e) {
            // gone
        } finally {
            sockets.remove(from);
        }
    }

    private void cut() {
        sockets.forEach(socket -> {
            try {
                socket.close();
            } catch (IOException e) {
                // gone already
            }
        });
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
