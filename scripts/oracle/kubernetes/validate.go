package main

import (
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kubernetes/pkg/api/pod"
	"k8s.io/kubernetes/pkg/apis/apps"
	appsvalidation "k8s.io/kubernetes/pkg/apis/apps/validation"
	"k8s.io/kubernetes/pkg/apis/autoscaling"
	autoscalingvalidation "k8s.io/kubernetes/pkg/apis/autoscaling/validation"
	"k8s.io/kubernetes/pkg/apis/batch"
	batchvalidation "k8s.io/kubernetes/pkg/apis/batch/validation"
	"k8s.io/kubernetes/pkg/apis/core"
	"k8s.io/kubernetes/pkg/apis/core/validation"
	"k8s.io/kubernetes/pkg/apis/networking"
	networkingvalidation "k8s.io/kubernetes/pkg/apis/networking/validation"
	"k8s.io/kubernetes/pkg/apis/policy"
	policyvalidation "k8s.io/kubernetes/pkg/apis/policy/validation"
	"k8s.io/kubernetes/pkg/apis/rbac"
	rbacvalidation "k8s.io/kubernetes/pkg/apis/rbac/validation"
	"k8s.io/kubernetes/pkg/capabilities"
)

// Clusters allow privileged containers unless they are told not to.
func init() { capabilities.Setup(true, 0) }

// What the API server says on creation, as far as the object alone decides it. The server fills in the namespace and a
// generated name before it looks.
func validate(internal runtime.Object) field.ErrorList {
	if accessor, err := meta.Accessor(internal); err == nil {
		if accessor.GetNamespace() == "" && isNamespaced(internal) {
			accessor.SetNamespace("default")
		}
		if accessor.GetName() == "" && accessor.GetGenerateName() != "" {
			accessor.SetName(accessor.GetGenerateName() + "abcde")
		}
	}
	switch of := internal.(type) {
	case *core.Pod:
		options := pod.GetValidationOptionsFromPodSpecAndMeta(&of.Spec, nil, &of.ObjectMeta, nil)
		options.ResourceIsPod = true
		return validation.ValidatePodCreate(of, options)
	case *core.PodTemplate:
		return validation.ValidatePodTemplate(of, pod.GetValidationOptionsFromPodTemplate(&of.Template, nil))
	case *core.ReplicationController:
		return validation.ValidateReplicationController(of, pod.GetValidationOptionsFromPodTemplate(of.Spec.Template, nil))
	case *core.Service:
		return validation.ValidateServiceCreate(of)
	case *core.ServiceAccount:
		return validation.ValidateServiceAccount(of)
	case *core.Secret:
		return validation.ValidateSecret(of)
	case *core.ConfigMap:
		return validation.ValidateConfigMap(of)
	case *core.Namespace:
		return validation.ValidateNamespace(of)
	case *core.ResourceQuota:
		return validation.ValidateResourceQuota(of)
	case *core.LimitRange:
		return validation.ValidateLimitRange(of)
	case *core.PersistentVolumeClaim:
		return validation.ValidatePersistentVolumeClaim(of, validation.ValidationOptionsForPersistentVolumeClaim(of, nil))
	case *apps.Deployment:
		return appsvalidation.ValidateDeployment(of, pod.GetValidationOptionsFromPodTemplate(&of.Spec.Template, nil))
	case *apps.StatefulSet:
		return appsvalidation.ValidateStatefulSet(of, pod.GetValidationOptionsFromPodTemplate(&of.Spec.Template, nil))
	case *apps.DaemonSet:
		return appsvalidation.ValidateDaemonSet(of, pod.GetValidationOptionsFromPodTemplate(&of.Spec.Template, nil))
	case *apps.ReplicaSet:
		return appsvalidation.ValidateReplicaSet(of, pod.GetValidationOptionsFromPodTemplate(&of.Spec.Template, nil))
	case *batch.Job:
		options := pod.GetValidationOptionsFromPodTemplate(&of.Spec.Template, nil)
		return batchvalidation.ValidateJobSpec(&of.Spec, field.NewPath("spec"), options)
	case *batch.CronJob:
		options := pod.GetValidationOptionsFromPodTemplate(&of.Spec.JobTemplate.Spec.Template, nil)
		return batchvalidation.ValidateCronJobCreate(of, options)
	case *networking.NetworkPolicy:
		return networkingvalidation.ValidateNetworkPolicy(of, networkingvalidation.ValidationOptionsForNetworking(of, nil))
	case *networking.Ingress:
		return networkingvalidation.ValidateIngressCreate(of)
	case *networking.IngressClass:
		return networkingvalidation.ValidateIngressClass(of)
	case *policy.PodDisruptionBudget:
		return policyvalidation.ValidatePodDisruptionBudget(of, policyvalidation.PodDisruptionBudgetValidationOptions{})
	case *rbac.Role:
		return rbacvalidation.ValidateRole(of)
	case *rbac.ClusterRole:
		return rbacvalidation.ValidateClusterRole(of, rbacvalidation.ClusterRoleValidationOptions{})
	case *rbac.RoleBinding:
		return rbacvalidation.ValidateRoleBinding(of)
	case *rbac.ClusterRoleBinding:
		return rbacvalidation.ValidateClusterRoleBinding(of)
	case *autoscaling.HorizontalPodAutoscaler:
		return autoscalingvalidation.ValidateHorizontalPodAutoscaler(
			of, autoscalingvalidation.HorizontalPodAutoscalerSpecValidationOptions{})
	}
	return nil
}

func isNamespaced(internal runtime.Object) bool {
	switch internal.(type) {
	case *core.Namespace, *core.PersistentVolume, *networking.IngressClass, *rbac.ClusterRole, *rbac.ClusterRoleBinding:
		return false
	}
	return true
}
