using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference;

namespace VideoUnderstanding.Search;

/// <summary>The models that a query needs, whatever the index holds.</summary>
public static class QueryModels
{
    /// <param name="options">Search options. <c>conversation</c> only if texts are compared by their meaning: an exact match needs no
    /// model.</param>
    /// <exception cref="ModelUnavailableException">A model for one of the options is missing.</exception>
    public static void Require(this ModelSet models, IEnumerable<string> options)
    {
        var missing = options.SelectMany(RolesFor).Distinct().Intersect(models.Roles).Select(models.WhyUnavailable).OfType<string>()
            .Distinct().ToArray();
        if (missing.Length > 0)
            throw new ModelUnavailableException(string.Join(' ', missing));
    }

    /// <summary>The options whose comparison may need a model.</summary>
    public static IEnumerable<string> WithModels(this IEnumerable<string> options, ConversationMatching conversation)
        => conversation == ConversationMatching.ExactMatch ? options.Where(option => option != IndexOptions.Conversation) : options;

    private static IEnumerable<ModelRole> RolesFor(string option) => option switch
    {
        IndexOptions.Visual => [ModelRole.VisualText, ModelRole.Sound],
        IndexOptions.Conversation or IndexOptions.TextInVideo => [ModelRole.TextEmbedding],
        // Logos are compared with stored vectors and names.
        _ => [],
    };
}
