// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.delivery;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * Drops the interim responses of RFC 9110, section 15.2, such as 103 Early Hints, of which any number may come before
 * the final one: Reactor Netty takes any but 100 for final. Nobody asks for another protocol here, so 101 stays the
 * answer, and its connection is not used again. For one connection.
 */
final class InterimResponses extends ChannelInboundHandlerAdapter {

    private boolean interim;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpResponse response) {
            boolean switching = response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
            if (switching) {
                response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            }
            interim = !switching && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        }
        if (!interim) {
            context.fireChannelRead(message);
            return;
        }
        ReferenceCountUtil.release(message);
        if (message instanceof LastHttpContent) {
            // nobody further on knows that there is more to read
            context.read();
        }
    }
}
