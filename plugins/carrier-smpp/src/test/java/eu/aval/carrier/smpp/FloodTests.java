// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import static eu.aval.carrier.smpp.Accounts.await;
import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.carrier.smpp.Pdu.Answer;
import eu.aval.carrier.smpp.Pdu.Empty;
import eu.aval.spi.Carrier;
import eu.aval.spi.CarrierHealth;
import eu.aval.spi.submit.SubmitOutcome.Accepted;
import eu.aval.tck.TestingCarrierContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Peers on plain sockets that ask faster than they read, and how much of what they are owed is kept for them. */
final class FloodTests {

    private static final int ENOUGH = 16 * 1024 * 1024;
    private static final int SMALL = 16 * 1024;

    private final ServerSocket server = listen();
    private final TestingCarrierContext context = new TestingCarrierContext("test");
    private final AtomicLong written = new AtomicLong();
    private volatile boolean flooding = true;
    private @Nullable Carrier opened;

    @AfterEach
    void close() throws IOException {
        flooding = false;
        if (opened != null) {
            Accounts.close(opened);
        }
        server.close();
    }

    @Test
    void stopsReadingAPeerThatDoesNotReadAndEndsTheConnection() throws IOException {
        Carrier carrier = open("enquire-timeout", "PT1S");
        try (Socket peer = bound()) {
            flood(peer);

            await(() -> Accounts.health(carrier).detail().contains("the peer does not read"));

            assertThat(written).hasValueLessThan(ENOUGH);
            assertThat(context.counts()).containsKey("unread");
        }
        try (Socket peer = bound()) {
            await(() -> Accounts.status(carrier) == CarrierHealth.Status.UP);
        }
    }

    @Test
    void keepsAPeerThatReadsSlowly() throws Exception {
        Carrier carrier = open("enquire-timeout", "PT5S", "enquire-interval", "PT0.5S", "response-timeout", "PT30S");
        try (Socket peer = bound()) {
            Thread flood = flood(peer);
            await(() -> context.counts().containsKey("unread"));
            var outcome = carrier.submit(Accounts.request("Hello")).toFuture();

            // Some of it each time, over longer than it may leave all of it unread
            DataInputStream in = new DataInputStream(new BufferedInputStream(peer.getInputStream()));
            Pdu submit = null;
            for (int i = 0; i < 14; i++) {
                Thread.sleep(500);
                for (int read = 0; read < 32 * 1024; read++) {
                    submit = submitted(read(in), submit);
                }
            }
            assertThat(Accounts.status(carrier)).isEqualTo(CarrierHealth.Status.UP);

            flooding = false;
            while (submit == null || flood.isAlive()) {
                submit = submitted(read(in), submit);
            }
            write(peer, submit);
            assertThat(outcome.get()).isInstanceOf(Accepted.class);
        }
    }

    private Carrier open(String... settings) {
        Carrier carrier = Accounts.open(context, server.getLocalPort(), settings);
        opened = carrier;
        return carrier;
    }

    private static @Nullable Pdu submitted(Pdu read, @Nullable Pdu before) {
        return read.command() == Command.SUBMIT_SM ? read : before;
    }

    /** Asks and asks, until told to stop or nobody takes it any more. */
    private Thread flood(Socket peer) {
        return Thread.startVirtualThread(() -> {
            ByteBuf enquiries = Unpooled.buffer();
            for (int i = 0; i < 1_000; i++) {
                PduCodec.write(enquiries, Pdu.request(Command.ENQUIRE_LINK, i, Empty.BODY));
            }
            try {
                while (flooding && written.get() < ENOUGH) {
                    enquiries.getBytes(0, peer.getOutputStream(), enquiries.readableBytes());
                    written.addAndGet(enquiries.readableBytes());
                }
            } catch (IOException e) {
                // The connection was ended, as it should be
            }
        });
    }

    private Socket bound() throws IOException {
        Socket peer = server.accept();
        peer.setSendBufferSize(SMALL);
        Pdu bind = read(new DataInputStream(peer.getInputStream()));
        write(peer, bind);
        return peer;
    }

    /** Says yes. */
    private static void write(Socket peer, Pdu request) throws IOException {
        ByteBuf out = Unpooled.buffer();
        PduCodec.write(out, Pdu.response(request.command(), Status.OK, request.sequence(), new Answer("1", Tlvs.NONE)));
        out.getBytes(0, peer.getOutputStream(), out.readableBytes());
    }

    private static Pdu read(DataInputStream in) throws IOException {
        int length = in.readInt();
        ByteBuf frame = Unpooled.buffer().writeInt(length);
        frame.writeBytes(in.readNBytes(length - Integer.BYTES));
        return PduCodec.read(frame);
    }

    private static ServerSocket listen() {
        try {
            ServerSocket server = new ServerSocket();
            server.setReceiveBufferSize(SMALL);
            server.bind(new InetSocketAddress("localhost", 0));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
