namespace VideoUnderstanding.Server.Api;

/// <summary>The table of contents: every resource and alias of v1.1.</summary>
public static class V11
{
    public static void MapV11(this WebApplication app)
    {
    }
}
