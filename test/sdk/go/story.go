package main

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"strings"

	"github.com/oapi-codegen/nullable"

	"openrmat/story/openrmat"
)

func main() {
	if err := story(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func story(ctx context.Context) error {
	client, err := openrmat.NewClientWithResponses(
		cmp.Or(os.Getenv("OPENRMAT_URL"), "http://localhost:3000"),
		openrmat.WithRequestEditorFn(func(_ context.Context, request *http.Request) error {
			request.Header.Set("Authorization", "Bearer "+os.Getenv("OPENRMAT_KEY"))
			return nil
		}),
	)
	if err != nil {
		return err
	}

	// A name is found as it is remembered.
	q := "tisagenlecluecel"
	search, err := client.SearchRecordsWithResponse(ctx, &openrmat.SearchRecordsParams{Q: q, Limit: to(1)})
	if err != nil {
		return err
	}
	if search.JSON200 == nil || len(search.JSON200.Data) == 0 {
		return fmt.Errorf("nothing is called %s: %s", q, search.Body)
	}
	hit := search.JSON200.Data[0]
	fmt.Printf("%s: %s (%s)\n", q, hit.Name, hit.Matched.How)

	// Read the record.
	read, err := client.GetTherapyWithResponse(ctx, hit.Slug, nil)
	if err != nil {
		return err
	}
	therapy := read.JSON200
	if therapy == nil {
		return fmt.Errorf("not read: %s", read.Body)
	}
	targets := make([]string, len(therapy.Targets))
	for i, target := range therapy.Targets {
		targets[i] = target.Name
	}
	fmt.Printf("%s: %s, %s, against %s\n",
		therapy.Name, therapy.Modality.MustGet(), therapy.CellOrigin.MustGet(), strings.Join(targets, ", "))

	// A list comes a page at a time: each says the cursor of the next.
	params := openrmat.ListDesignationsParams{Program: []string{"fda:rmat"}, Sort: to("-announcedOn"), Limit: to(5)}
	found, pages := 0, 0
	for pages < 3 {
		list, err := client.ListDesignationsWithResponse(ctx, &params)
		if err != nil {
			return err
		}
		if list.JSON200 == nil {
			return fmt.Errorf("not listed: %s", list.Body)
		}
		found += len(list.JSON200.Data)
		pages++
		next, err := list.JSON200.Page.Next.Get()
		if err != nil {
			break // null: this was the last page
		}
		params.Cursor = &next
	}
	fmt.Printf("%d RMAT designations on %d pages\n", found, pages)

	// Create a therapy, and its designation with what happened to it.
	created, err := client.CreateTherapyWithResponse(ctx, nil, openrmat.NewTherapy{
		Name:       "Ixmyelocel-T",
		Modality:   nullable.NewNullableWithValue(openrmat.ModalityOtherCellTherapy),
		CellOrigin: nullable.NewNullableWithValue(openrmat.CellOriginAutologous),
		CellSource: nullable.NewNullableWithValue(openrmat.CellSourceBoneMarrow),
	})
	if err != nil {
		return err
	}
	if created.JSON201 == nil {
		return fmt.Errorf("not created: %s", created.Body)
	}
	slug := created.JSON201.Slug
	designated, err := client.CreateDesignationWithResponse(ctx, nil, openrmat.NewDesignation{
		Therapy:    slug,
		Program:    "fda:rmat",
		Indication: nullable.NewNullableWithValue("ischemic-heart-failure"),
		Events: []openrmat.NewDesignationEvent{
			{Status: openrmat.DesignationEventStatusRequested},
			{
				Status:      openrmat.DesignationEventStatusGranted,
				AnnouncedOn: nullable.NewNullableWithValue("2017-05-10"),
				Note:        nullable.NewNullableWithValue("The day is that of the press release."),
			},
		},
	})
	if err != nil {
		return err
	}
	designation := designated.JSON201
	if designation == nil {
		return fmt.Errorf("not created: %s", designated.Body)
	}
	fmt.Printf("%s: %s, announced on %s\n",
		designation.Name, designation.Status.MustGet(), designation.AnnouncedOn.MustGet())

	// Change the version that was read, and no other: its ETag goes along.
	version := &openrmat.UpdateTherapyParams{IfMatch: created.Headers201.ETag}
	patch := openrmat.TherapyPatch{
		Summary: nullable.NewNullableWithValue("Cells of the bone marrow of the patient, expanded."),
	}
	updated, err := client.UpdateTherapyWithResponse(ctx, slug, version, patch)
	if err != nil {
		return err
	}
	if updated.JSON200 == nil {
		return fmt.Errorf("not updated: %s", updated.Body)
	}
	fmt.Printf("%s: version %d\n", updated.JSON200.Name, updated.JSON200.Version)

	// The same again: the ETag is stale now.
	stale, err := client.UpdateTherapyWithResponse(ctx, slug, version, patch)
	if err != nil {
		return err
	}
	if problem := stale.ApplicationProblemJSON412; problem != nil {
		fmt.Println(problem.Status, problem.Title)
	}

	// A problem document says what would be right.
	refused, err := client.ListDesignationsWithResponse(ctx, &openrmat.ListDesignationsParams{Status: []string{"grantd"}})
	if err != nil {
		return err
	}
	if problem := refused.ApplicationProblemJSON400; problem != nil {
		fmt.Println(problem.Status, problem.Title)
		for _, fault := range problem.Errors {
			fmt.Printf("%s: %s\n", *fault.Parameter, fault.Message)
		}
	}

	// Delete the therapy, and what refers to it.
	deleted, err := client.DeleteTherapyWithResponse(ctx, slug, &openrmat.DeleteTherapyParams{Cascade: to(true)})
	if err != nil {
		return err
	}
	fmt.Printf("%s: deleted (%d)\n", slug, deleted.StatusCode())
	return nil
}

// to answers a pointer to a value, as parameters that may be left out are given.
func to[Value any](value Value) *Value { return &value }
