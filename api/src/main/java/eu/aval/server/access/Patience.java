// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/**
 * Ends what a client lets stand: a body that does not come on, an answer that is not taken. A body that stops is passed
 * on as one that is broken off. It is the client's silence that counts: nothing does while this server does not
 * read, and what waits to be taken is counted by what is taken of it. For one connection.
 */
final class Patience extends ChannelDuplexHandler {

    private static final long LONGEST_LOOK = TimeUnit.SECONDS.toNanos(1);

    /** Of all connections. */
    static final class Limits {

        private final HttpSettings settings;
        private final long look;
        private final Counter bodies;
        private final Counter answers;

        Limits(HttpSettings settings, MeterRegistry meters) {
            this.settings = settings;
            long shortest = Math.min(
                    Math.min(settings.bodyPause().toNanos(), settings.body().toNanos()),
                    settings.answerPause().toNanos());
            this.look = Math.clamp(shortest / 4, 1, LONGEST_LOOK);
            this.bodies = meters.counter("http.server.stalled", "what", "body");
            this.answers = meters.counter("http.server.stalled", "what", "answer");
        }
    }

    private final Limits limits;
    private @Nullable Future<?> looks;

    private int unanswered;
    private boolean bodyComes;
    private boolean lines;
    /** When the body that comes, or what is left of an answered one, began. */
    private long began;
    /** Since when nothing has come of it, though it was waited for. */
    private long quiet;
    /** When something was last taken of what is written, and what was next then. */
    private long taken;

    private int next;
    private long progress;

    Patience(Limits limits) {
        this.limits = limits;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        looks = context.executor()
                .scheduleWithFixedDelay(() -> look(context), limits.look, limits.look, TimeUnit.NANOSECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (looks != null) {
            looks.cancel(false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            unanswered++;
            bodyComes = true;
            lines = MediaType.APPLICATION_NDJSON_VALUE.equalsIgnoreCase(String.valueOf(HttpUtil.getMimeType(request)));
            began = System.nanoTime();
            quiet = began;
        }
        if (message instanceof LastHttpContent) {
            bodyComes = false;
        }
        context.fireChannelRead(message);
    }

    /** Bytes came, if only a part of what could be passed on. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (bodyComes) {
            quiet = System.nanoTime();
        }
        context.fireChannelReadComplete();
    }

    /** From here on it is the client's turn, if it was not before. */
    @Override
    public void read(ChannelHandlerContext context) {
        if (bodyComes) {
            quiet = System.nanoTime();
        }
        context.read();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // who writes has the promise
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof LastHttpContent && !isInterim(message)) {
            unanswered--;
            began = System.nanoTime();
            quiet = began;
        } else if (message instanceof HttpContent) {
            quiet = System.nanoTime();
        }
        context.write(message, promise);
    }

    private static boolean isInterim(Object message) {
        return message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    private void look(ChannelHandlerContext context) {
        long now = System.nanoTime();
        if (isAnswerTaken(context, now)) {
            lookAtWhatComes(context, now);
        } else {
            quiet = now;
            if (isLonger(limits.settings.answerPause(), taken, now)) {
                limits.answers.increment();
                reset(context);
            }
        }
    }

    /** Whether all that was written has left for the client; else since when nothing of it has. */
    private boolean isAnswerTaken(ChannelHandlerContext context, long now) {
        var buffer = context.channel().unsafe().outboundBuffer();
        var current = buffer == null ? null : buffer.current();
        if (buffer == null || current == null) {
            next = 0;
            return true;
        }
        int identity = System.identityHashCode(current);
        if (identity != next || buffer.currentProgress() != progress) {
            next = identity;
            progress = buffer.currentProgress();
            taken = now;
        }
        return false;
    }

    private void lookAtWhatComes(ChannelHandlerContext context, long now) {
        var settings = limits.settings;
        if (!bodyComes) {
            return;
        }
        boolean stopped = isLonger(settings.bodyPause(), quiet, now);
        boolean late = isLonger(settings.body(), began, now);
        if (unanswered == 0 && (stopped || late)) {
            close(context);
        } else if (unanswered == 1 && context.channel().config().isAutoRead()) {
            if (stopped) {
                breakOff(context, "Nothing came of the body for " + shown(settings.bodyPause()));
            } else if (late && !lines) {
                breakOff(context, "The body was not there after " + shown(settings.body()));
            }
        }
    }

    private void breakOff(ChannelHandlerContext context, String detail) {
        limits.bodies.increment();
        bodyComes = false;
        var rest = new DefaultHttpContent(Unpooled.EMPTY_BUFFER);
        rest.setDecoderResult(DecoderResult.failure(new Problem(ProblemType.REQUEST_TIMEOUT, detail)));
        context.fireChannelRead(rest);
        context.fireChannelReadComplete();
    }

    /** What waits is for nobody; the system would go on offering it for minutes. */
    private static void reset(ChannelHandlerContext context) {
        context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        close(context);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // of what is closed nobody waits for the end
    private static void close(ChannelHandlerContext context) {
        context.close();
    }

    private static boolean isLonger(Duration limit, long since, long now) {
        return now - since > limit.toNanos();
    }

    private static String shown(Duration limit) {
        return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }
}
