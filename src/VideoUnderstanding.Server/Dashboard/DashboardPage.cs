using Microsoft.AspNetCore.Antiforgery;

namespace VideoUnderstanding.Server.Dashboard;

/// <summary>What all pages have in common: plain HTML that needs no script.</summary>
internal static class DashboardPage
{
    public static IResult Show(string title, Markup body, int status = StatusCodes.Status200OK) => Results.Content(Markup.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{title} - Video Understanding</title>
        <link rel="stylesheet" href="{DashboardDoor.StylePath}">
        </head>
        <body>
        {body}
        </body>
        </html>
        """).Text, "text/html; charset=utf-8", statusCode: status);

    /// <summary>The hidden field without which no form is accepted.</summary>
    public static Markup Token(IAntiforgery antiforgery, HttpContext context)
    {
        var tokens = antiforgery.GetAndStoreTokens(context);
        return Markup.Of($"""<input type="hidden" name="{tokens.FormFieldName}" value="{tokens.RequestToken}">""");
    }
}
