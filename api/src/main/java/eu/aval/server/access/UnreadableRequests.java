// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers requests that are refused before anybody handles them like all others. Reactor Netty answers what is not HTTP
 * without a body, and takes a body with a broken chunk for a complete one.
 */
@Component
final class UnreadableRequests implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    private final JsonMapper json;

    UnreadableRequests(JsonMapper json) {
        this.json = json;
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.addServerCustomizers(server -> server.doOnChannelInit((observer, channel, address) -> {
            var pipeline = channel.pipeline();
            // of HTTP/1.1 only
            if (pipeline.get(NettyPipeline.HttpCodec) != null) {
                pipeline.addAfter(NettyPipeline.HttpCodec, "unreadable-requests", new OfOneConnection());
            }
        }));
    }

    /** Who writes has the promise; of what is closed nobody waits for the end. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private final class OfOneConnection extends ChannelDuplexHandler {

        private int unanswered;
        private boolean broken;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request) {
                unanswered++;
                if (request.decoderResult().isSuccess() && !isUnambiguous(request)) {
                    request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("Ambiguous")));
                }
            } else if (message instanceof HttpContent content
                    && content.decoderResult().isFailure()) {
                ReferenceCountUtil.release(message);
                breakOff(context);
                return;
            }
            context.fireChannelRead(message);
        }

        /** Who reads the body learns of it, and answers or ends an answer; nothing can be read after it. */
        private void breakOff(ChannelHandlerContext context) {
            if (unanswered == 1) {
                broken = true;
                context.fireExceptionCaught(
                        new Problem(ProblemType.MALFORMED_REQUEST, "The body is not in chunks as HTTP has them"));
            } else {
                // nobody reads it, or not yet
                context.close();
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
     * RFC 9112, section 3.2: one Host, which only HTTP/1.0 may leave out. And one Authorization: a proxy might look at
     * another than the server does.
     */
    private static boolean isUnambiguous(HttpRequest request) {
        var headers = request.headers();
        return hasAtMostOne(headers, HttpHeaderNames.HOST)
                && hasAtMostOne(headers, HttpHeaderNames.AUTHORIZATION)
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

    private static boolean isBareRefusal(FullHttpResponse response) {
        return response.status().code() >= 400
                && !response.content().isReadable()
                && HttpUtil.getContentLength(response, 0L) == 0;
    }
}
