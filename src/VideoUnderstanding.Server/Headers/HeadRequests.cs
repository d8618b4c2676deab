namespace VideoUnderstanding.Server.Headers;

/// <summary>Routes HEAD requests to GET endpoints. The host sends the headers of the response without its body.</summary>
internal static class HeadRequests
{
    /// <summary>Adds routing. Afterwards the method of the request is HEAD again, so that files are not read.</summary>
    public static void UseRoutingWithHead(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            if (!HttpMethods.IsHead(context.Request.Method))
                return next(context);
            context.Request.Method = HttpMethods.Get;
            context.Items[typeof(HeadRequests)] = true;
            return next(context);
        });
        app.UseRouting();
        app.Use((context, next) =>
        {
            if (context.Items.Remove(typeof(HeadRequests)))
                context.Request.Method = HttpMethods.Head;
            return next(context);
        });
    }
}
