// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers requests that are refused before anybody handles them like all others. Reactor Netty answers what is not HTTP
 * without a body, takes a body with a broken chunk for a complete one, waits for the rest of a body for ever, and answers
 * HTTP/1.0 in chunks.
 */
@Component
final class UnreadableRequests implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    private static final List<CharSequence> SINGLE = List.of(
            HttpHeaderNames.HOST, HttpHeaderNames.AUTHORIZATION, RestEntrance.KEY_HEADER, HttpHeaderNames.CONTENT_TYPE);

    private final JsonMapper json;
    private final Patience.Limits limits;

    UnreadableRequests(JsonMapper json, HttpSettings settings, MeterRegistry meters) {
        this.json = json;
        this.limits = new Patience.Limits(settings, meters);
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.addServerCustomizers(server -> server.doOnChannelInit((observer, channel, address) -> {
            var pipeline = channel.pipeline();
            // of HTTP/1.1 only
            if (pipeline.get(NettyPipeline.HttpCodec) != null) {
                pipeline.addAfter(NettyPipeline.HttpCodec, "unreadable-requests", new OfOneConnection());
                pipeline.addAfter(NettyPipeline.HttpCodec, "patience", new Patience(limits));
            }
        }));
    }

    /** Who writes has the promise; of what is closed nobody waits for the end. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private final class OfOneConnection extends ChannelDuplexHandler {

        private int unanswered;
        private boolean broken;
        private boolean withoutChunks;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (broken) {
                ReferenceCountUtil.release(message);
                return;
            }
            if (message instanceof HttpRequest request) {
                unanswered++;
                speak(request);
                if (request.decoderResult().isSuccess() && !isUnambiguous(request)) {
                    request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("Ambiguous")));
                }
            } else if (message instanceof HttpContent content
                    && content.decoderResult().isFailure()) {
                ReferenceCountUtil.release(message);
                breakOff(
                        context,
                        content.decoderResult().cause() instanceof Problem problem
                                ? problem
                                : new Problem(
                                        ProblemType.MALFORMED_REQUEST, "The body is not in chunks as HTTP has them"));
                return;
            }
            context.fireChannelRead(message);
        }

        /** RFC 9110, section 2.5: what is later than our version, but of the same major one, is answered as ours. */
        private void speak(HttpRequest request) {
            var version = request.protocolVersion();
            if (version.equals(HttpVersion.HTTP_1_0)) {
                withoutChunks = true;
                HttpUtil.setKeepAlive(request, false);
            } else if (version.majorVersion() == 1) {
                request.setProtocolVersion(HttpVersion.HTTP_1_1);
            } else if (request.decoderResult().isSuccess()) {
                request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("Another version")));
            }
        }

        /** Who reads the body learns of it, and answers or ends an answer; nothing can be read after it. */
        private void breakOff(ChannelHandlerContext context, Problem problem) {
            if (unanswered == 1) {
                broken = true;
                context.fireExceptionCaught(problem);
            } else {
                // nobody reads it, or not yet
                context.close();
            }
        }

        /** Nothing can be read after what the codec fails at, such as more requests at a time than it keeps. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof DecoderException) {
                context.close();
            } else {
                context.fireExceptionCaught(cause);
            }
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            var written = message;
            if (message instanceof HttpResponse response) {
                if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                    context.write(message, promise);
                    return;
                }
                if (response instanceof FullHttpResponse full && isBareRefusal(full)) {
                    written = problem(full);
                }
                if (broken) {
                    HttpUtil.setKeepAlive((HttpResponse) written, false);
                }
                if (withoutChunks) {
                    // RFC 9112, section 6.1; the end of the connection is the end of the answer
                    HttpUtil.setTransferEncodingChunked((HttpResponse) written, false);
                }
            }
            if (written instanceof LastHttpContent) {
                unanswered--;
            }
            context.write(
                    written,
                    broken && written instanceof LastHttpContent
                            ? promise.unvoid().addListener(ChannelFutureListener.CLOSE)
                            : promise);
        }

        private FullHttpResponse problem(FullHttpResponse bare) {
            byte[] body = json.writeValueAsBytes(ProblemBody.ofUnreadable(
                    Failures.ofStatus(HttpStatusCode.valueOf(bare.status().code()))));
            var response = bare.replace(Unpooled.wrappedBuffer(body));
            bare.release();
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE)
                    .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
            HttpUtil.setContentLength(response, body.length);
            return response;
        }
    }

    /**
     * RFC 9112, section 3.2: one Host, which only HTTP/1.0 may leave out; and no transfer coding but chunks, which nobody would
     * undo. One of what tells who asks and what comes, too: a proxy might look at another than the server does.
     */
    private static boolean isUnambiguous(HttpRequest request) {
        var headers = request.headers();
        for (CharSequence name : SINGLE) {
            if (!hasAtMostOne(headers, name)) {
                return false;
            }
        }
        return isChunkedAtMost(headers)
                && (headers.contains(HttpHeaderNames.HOST)
                        || !request.protocolVersion().equals(HttpVersion.HTTP_1_1));
    }

    private static boolean hasAtMostOne(HttpHeaders headers, CharSequence name) {
        var values = headers.valueCharSequenceIterator(name);
        if (values.hasNext()) {
            values.next();
        }
        return !values.hasNext();
    }

    private static boolean isChunkedAtMost(HttpHeaders headers) {
        var codings = headers.valueCharSequenceIterator(HttpHeaderNames.TRANSFER_ENCODING);
        while (codings.hasNext()) {
            if (!HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.next())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBareRefusal(FullHttpResponse response) {
        return response.status().code() >= 400
                && !response.content().isReadable()
                && HttpUtil.getContentLength(response, 0L) == 0;
    }
}
