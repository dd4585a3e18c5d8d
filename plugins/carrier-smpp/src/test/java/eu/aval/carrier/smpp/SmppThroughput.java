// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.spi.Carrier;
import eu.aval.spi.CarrierContext;
import eu.aval.spi.event.CarrierEventSink;
import eu.aval.spi.submit.SubmitOutcome;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jsmpp.examples.StressServer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Measures submits a second against jSMPP's unmodified StressServer, in this process or at the host and port given:
 * {@code SmppThroughput [messages] [window] [binds] [host port]}.
 */
final class SmppThroughput {

    private static final int PORT = 18_056;

    private SmppThroughput() {}

    public static void main(String[] arguments) {
        int messages = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        String window = arguments.length > 1 ? arguments[1] : "50";
        String binds = arguments.length > 2 ? arguments[2] : "1";
        String host = arguments.length > 3 ? arguments[3] : "localhost";
        int port = arguments.length > 4 ? Integer.parseInt(arguments[4]) : PORT;
        if (arguments.length < 4) {
            Thread server = new Thread(new StressServer(PORT, 5), "stress-server");
            server.setDaemon(true);
            server.start();
        }
        CountingContext context = new CountingContext();
        Carrier carrier = Accounts.bound(
                context,
                port,
                "host",
                host,
                "window",
                window,
                "binds",
                binds,
                "response-timeout",
                "PT10S",
                "system-id",
                "j",
                "queue-size",
                "100000");
        for (int round = 0; round < 5; round++) {
            run(carrier, messages, Integer.parseInt(window) * Integer.parseInt(binds) * 2);
        }
        System.out.println("receipts " + context.events.get());
        Accounts.close(carrier);
        System.exit(0);
    }

    private static void run(Carrier carrier, int messages, int concurrency) {
        AtomicInteger accepted = new AtomicInteger();
        long cpu = cpu();
        long start = System.nanoTime();
        Flux.range(0, messages)
                .flatMap(
                        number -> carrier.submit(Accounts.request("Your code is " + number + ", valid ten minutes")),
                        concurrency)
                .doOnNext(outcome -> {
                    if (outcome instanceof SubmitOutcome.Accepted) {
                        accepted.incrementAndGet();
                    }
                })
                .blockLast(Duration.ofMinutes(5));
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.println(String.format(
                Locale.ROOT,
                "%d of %d accepted, %.0f submits/s, %.1f us CPU each on the account's thread",
                accepted.get(),
                messages,
                messages / seconds,
                (cpu() - cpu) / 1e3 / messages));
    }

    /** A host that stores at once. */
    private static final class CountingContext implements CarrierContext {

        private final AtomicInteger events = new AtomicInteger();

        @Override
        public String accountName() {
            return "throughput";
        }

        @Override
        public Clock clock() {
            return Clock.systemUTC();
        }

        @Override
        public CarrierEventSink events() {
            return event -> Mono.fromRunnable(events::incrementAndGet);
        }

        @Override
        public void count(String name) {}

        @Override
        public void gauge(String name, Supplier<Number> value) {}
    }

    private static long cpu() {
        var threads = ManagementFactory.getThreadMXBean();
        for (long id : threads.getAllThreadIds()) {
            var info = threads.getThreadInfo(id);
            if (info != null && info.getThreadName().startsWith("smpp-")) {
                return threads.getThreadCpuTime(id);
            }
        }
        return 0;
    }
}
